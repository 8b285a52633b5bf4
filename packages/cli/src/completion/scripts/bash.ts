/** Works in bash 3.2, which macOS has, and without the package bash-completion. */
export const bashScript = String.raw`# bash completion of tyrax. For this shell: source <(tyrax completion bash)
_tyrax() {
  local program=$1 line head=
  [[ $program == '~/'* ]] && program=$HOME/${'$'}{program:2}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $head ]]; then head=$line; else COMPREPLY+=("$line"); fi
  done < <("$program" __complete bash "${'$'}{COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" "$COMP_TYPE" "${'$'}{COLUMNS:-80}" 2>/dev/null </dev/null)
  type compopt >/dev/null 2>&1 || return 0
  case $head in
    nothing*) compopt +o bashdefault +o default ;;
    folders*) compopt +o bashdefault +o default -o dirnames ;;
  esac
  case $head in
    *goes-on) compopt -o nospace ;;
  esac
  return 0
}
complete -o nosort -o bashdefault -o default -F _tyrax tyrax 2>/dev/null ||
  complete -o bashdefault -o default -F _tyrax tyrax
`
