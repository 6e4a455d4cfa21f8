/**
 * The script of bash, also for the bash 3.2 of macOS. That of the library wants the package bash-completion, offers no
 * files, and evaluates what is typed: $(…) would run when somebody presses Tab.
 */
export const BASH_SCRIPT = `# bash completion for wfe
__wfe_complete() {
    local i last out value words=()
    for ((i = 1; i <= COMP_CWORD; i++)); do
        last=$((\${#words[@]} - 1))
        # bash parts --phase=P and 10:15, which are one word each
        if ((last >= 0)) && [[ \${COMP_WORDS[i]} == [=:]* || \${words[last]} == *[=:] ]]; then
            words[last]+=\${COMP_WORDS[i]}
        else
            words+=("\${COMP_WORDS[i]}")
        fi
    done
    COMPREPLY=()
    out=$(wfe complete -- "\${words[@]}" 2>/dev/null) || return
    while IFS=$'\\t' read -r value _; do
        [[ $value == :* ]] || COMPREPLY+=("$value")
    done <<<"$out"
    # :4 says that it is no file, :0 that it may be one
    if [[ \${out##*:} == 4 ]] && type compopt &>/dev/null; then compopt +o default; fi
}
complete -o default -F __wfe_complete wfe
`;
