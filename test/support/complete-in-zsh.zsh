# zsh -f complete-in-zsh.zsh SCRIPT LINE…: what each line becomes in a terminal where the tabulator is pressed behind it.
zmodload zsh/zpty
export TERM=dumb
zpty shell zsh -f -i
zpty -w shell "PS1=; autoload -Uz compinit && compinit -u -D; $1"
zpty -w shell "tell() { print -r -- \"<\$BUFFER>\"; zle kill-whole-line }; zle -N tell"
zpty -w shell "bindkey '^I' complete-word; bindkey '^X' tell; print -r -- READ'Y'"
zpty -r shell out '*READY*'
shift
for line; do
  zpty -w -n shell "$line"$'\t\x18'
  zpty -r shell out '*<*>*'
  print -r -- ${${out##*<}%%>*}
done
zpty -d shell
