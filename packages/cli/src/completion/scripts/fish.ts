/** Files are completed as for a command that fish does not know: it handles quotes, `~` and `--file=`. */
export const fishScript = String.raw`# fish completion of tyrax. For this shell: tyrax completion fish | source
function __tyrax_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l word (string unescape -- $typed)
    test -z "$word"; and set word $typed
    set -l lines ($program __complete fish $words "$word" 2>/dev/null </dev/null)
    set -l head $lines[1]
    set -e lines[1]
    for line in $lines
        echo -- $line
    end
    switch "$head"
        case 'files*'
            complete -C "tyrax-completes-files $typed"
        case 'folders*'
            complete -C "tyrax-completes-files $typed" | string match -r -- '.*/$'
    end
end
complete -c tyrax -f -k -a '(__tyrax_complete)'
`
