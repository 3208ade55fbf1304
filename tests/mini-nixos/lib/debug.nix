{ lib }:
{
  traceIf = condition: message: value: if condition then builtins.trace message value else value;
  traceVal = value: builtins.trace value value;
  traceValFn = f: value: builtins.trace (f value) value;
  traceSeq = shown: value: builtins.trace (builtins.deepSeq shown shown) value;
  traceValSeq = value: builtins.trace (builtins.deepSeq value value) value;
}
