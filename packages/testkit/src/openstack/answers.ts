/** Whether a GET of this address returns 200; gives up on a server that hangs after two seconds. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000), headers: { connection: 'close' } })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
