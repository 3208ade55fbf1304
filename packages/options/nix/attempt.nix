{
  # What an option says of itself may not evaluate outside a machine; then it says nothing.
  attempt = value: fallback:
    let result = builtins.tryEval (builtins.deepSeq value value);
    in if result.success then result.value else fallback;
}
