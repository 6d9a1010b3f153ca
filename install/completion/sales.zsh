#compdef sales

_sales_completion() {
  eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" _SALES_COMPLETE=complete_zsh sales)
}

compdef _sales_completion sales
