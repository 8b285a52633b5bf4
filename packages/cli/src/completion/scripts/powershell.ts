/** PowerShell takes curved quotes for straight ones. */
export const powershellScript = String.raw`# PowerShell completion of tyrax. For this session: tyrax completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName tyrax -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $current = $wordToComplete.Trim("'", '"')
    $program = $commandAst.CommandElements[0].Extent.Text.Trim("'", '"')
    $given = $env:TYRAX_COMPLETE_WORDS
    try {
        $env:TYRAX_COMPLETE_WORDS = ($before + $current) -join [char]10
        $lines = @(& $program __complete powershell 2>$null)
    } finally {
        $env:TYRAX_COMPLETE_WORDS = $given
    }
    if ($lines.Count -eq 0) { return }
    $found = @($lines | Select-Object -Skip 1 | ForEach-Object { , @($_ -split [char]9, 2) } | Where-Object {
        $_[0].StartsWith($current, [System.StringComparison]::OrdinalIgnoreCase)
    })
    foreach ($each in $found) {
        $value = $each[0]
        $text = if ($value -match '^[\w./:=+%-]+$') { $value } else { "'" + ($value -replace "(['\u2018\u2019\u201A\u201B])", '$1$1') + "'" }
        $tip = if ($each.Count -gt 1 -and $each[1] -ne '') { $each[1] } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $tip)
    }
    # Without a result, PowerShell completes files.
    if ($found.Count -eq 0 -and $lines[0] -like 'nothing*') { '' }
}
`
