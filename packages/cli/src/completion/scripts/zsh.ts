export const zshScript = String.raw`#compdef tyrax
# zsh completion of tyrax. For this shell, after compinit: source <(tyrax completion zsh)
_tyrax() {
  local program=${'$'}{(Q)words[1]} head line
  local -a before lines described after
  [[ $program == '~/'* ]] && program=$HOME/${'$'}{program#\~/}
  (( CURRENT > 2 )) && before=("${'$'}{(@Q)words[2,CURRENT-1]}")
  lines=("${'$'}{(@f)$("$program" __complete zsh "${'$'}{before[@]}" "${'$'}{(Q)PREFIX}" 2>/dev/null </dev/null)}")
  head=$lines[1]
  shift lines
  for line in $lines; do
    line=${'$'}{line//\\/\\\\}
    line=${'$'}{line//:/\\:}
    described+=("${'$'}{line/$'\t'/:}")
  done
  [[ $head == *goes-on ]] && after=(-S '')
  (( ${'$'}#described )) && _describe -V 'tyrax' described "${'$'}{after[@]}"
  case $head in
    files*|folders*)
      [[ $PREFIX == --*=* ]] && compset -P '*='
      if [[ $head == folders* ]]; then _path_files -/; else _files; fi ;;
  esac
}
if [[ $funcstack[1] == _tyrax ]]; then
  _tyrax "$@"
else
  compdef _tyrax tyrax
fi
`
