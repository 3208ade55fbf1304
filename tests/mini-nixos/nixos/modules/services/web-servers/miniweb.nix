# A web server for tests: `/` answers a text, `/upstream` what another server answers at that moment.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types escapeShellArg;
  cfg = config.services.miniweb;

  # busybox' wget would ask the libc of the machine's image for names and services, which a static program cannot load.
  fetch = upstream:
    let
      parts = builtins.match "http://([^/:]+)(:([0-9]+))?(/.*)?" upstream;
      host = builtins.elemAt parts 0;
      part = n: default: let value = builtins.elemAt parts n; in if value == null then default else value;
    in
    if parts == null then throw "services.miniweb.upstream is no address that miniweb can ask: ${upstream}"
    else ''
      host=${escapeShellArg host}
      case $host in
        *[!0-9.]*) host=$(awk -v name="$host" '{ for (i = 2; i <= NF; i++) if ($i == name) { print $1; exit } }' /etc/hosts) ;;
      esac
      got=$(mktemp)
      printf 'GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n' ${escapeShellArg (part 3 "/")} ${escapeShellArg host} |
        nc -w 5 "''${host:-0.0.0.0}" ${part 2 "80"} > "$got" 2> /dev/null
      read -r _ status _ < "$got" || status=
      if [ "$status" = 200 ]; then
        answer 200 OK
        sed '1,/^\r*$/d' "$got"
      else
        answer 502 'Bad Gateway'
        printf '%s did not answer\n' ${escapeShellArg upstream}
      fi
      rm -f "$got"'';

  handler = pkgs.writeShellScript "miniweb" ''
    PATH=${pkgs.busybox}/bin
    answer() { printf 'HTTP/1.1 %s %s\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n' "$1" "$2"; }
    upstream() {
      ${if cfg.upstream == null then "answer 404 'Not Found'; echo 'no upstream'" else fetch cfg.upstream}
    }
    read -r _ path _
    while read -r line && [ -n "''${line%$(printf '\r')}" ]; do :; done
    case ''${path%%\?*} in
      /) ${if cfg.text == null then "upstream" else "answer 200 OK; printf %s ${escapeShellArg cfg.text}"} ;;
      /upstream | /upstream/ | /cgi-bin/upstream) upstream ;;
      /health) answer 200 OK; echo ok ;;
      *) answer 404 'Not Found'; echo 'not found' ;;
    esac
  '';
in
{
  options.services.miniweb = {
    enable = lib.mkEnableOption "the miniature web server";
    package = lib.mkPackageOption pkgs "busybox" { };
    port = mkOption { type = types.port; default = 80; description = "Port on which the server answers HTTP."; };
    text = mkOption { type = types.nullOr types.str; default = null; description = "What `/` answers; null for what the upstream answers."; };
    upstream = mkOption {
      type = types.nullOr (types.strMatching "http://.+");
      default = null;
      example = "http://192.168.0.2:5432/greeting";
      description = "Address whose content is fetched for each request of `/upstream`. Names are those of {file}`/etc/hosts`.";
    };
    openFirewall = mkOption { type = types.bool; default = false; description = "Whether to open the port in the firewall."; };
  };
  config = lib.mkIf cfg.enable {
    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall [ cfg.port ];
    systemd.services.miniweb = {
      description = "Miniature web server";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      serviceConfig = {
        ExecStart = "${lib.getExe cfg.package} nc -ll -p ${toString cfg.port} -e ${handler}";
        Restart = "on-failure";
      };
    };
  };
}
