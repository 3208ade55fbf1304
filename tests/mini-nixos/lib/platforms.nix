rec {
  linux = [ "x86_64-linux" "aarch64-linux" "i686-linux" "armv7l-linux" "riscv64-linux" ];
  darwin = [ "x86_64-darwin" "aarch64-darwin" ];
  unix = linux ++ darwin;
  x86_64 = [ "x86_64-linux" "x86_64-darwin" ];
  aarch64 = [ "aarch64-linux" "aarch64-darwin" ];
  windows = [ "x86_64-windows" ];
  all = unix ++ windows;
  none = [ ];
}
