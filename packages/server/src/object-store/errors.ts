/** A refusal, as Swift words it: status, a short HTML body, headers. */
export class SwiftFault extends Error {
  override readonly name = 'SwiftFault'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, explanation?: string, headers: Readonly<Record<string, string>> = {}) {
    super(explanation ?? explanations[status] ?? '')
    this.status = status
    this.headers = headers
  }
}

/** The sentences of swift/common/swob.py `RESPONSE_REASONS`. */
const explanations: Readonly<Record<number, string>> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  401: 'This server could not verify that you are authorized to access the document you requested.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  409: 'There was a conflict when trying to complete your request.',
  411: 'Content-Length header required.',
  412: 'A precondition for this request was not met.',
  416: 'The Range requested is not available.',
  422: 'Unable to process the contained instructions',
  499: 'The client was disconnected during request.',
  500: 'The server has either erred or is incapable of performing the requested operation.',
  507: 'There was not enough space to save the resource.',
}

const titles: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  416: 'Requested Range Not Satisfiable',
  422: 'Unprocessable Entity',
  499: 'Client Disconnect',
  500: 'Internal Error',
  507: 'Insufficient Storage',
}

/** The body of a fault: HTML where Swift sends HTML, else the bare explanation (a 400 or 412 with its own words). */
export function faultBody(fault: SwiftFault, reason: string): { readonly type: string; readonly body: string } {
  if (fault.message !== (explanations[fault.status] ?? '')) {
    return { type: 'text/plain; charset=UTF-8', body: fault.message }
  }
  const title = titles[fault.status] ?? reason
  return { type: 'text/html; charset=UTF-8', body: `<html><h1>${title}</h1><p>${fault.message}</p></html>` }
}
