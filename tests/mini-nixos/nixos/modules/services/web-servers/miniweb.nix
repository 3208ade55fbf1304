# A web server for tests: `/` answers a text, `/upstream` what another server answers at that moment.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types escapeShellArg;
  cfg = config.services.miniweb;
  hasUpstream = cfg.upstream != null;
  upstream = ''
    #!${pkgs.runtimeShell}
    if body=$(${pkgs.busybox}/bin/wget -q -T 5 -O - ${escapeShellArg (toString cfg.upstream)} && echo .); then
      printf 'Content-Type: text/plain; charset=utf-8\r\n\r\n%s' "''${body%.}"
    else
      printf 'Status: 502 Bad Gateway\r\nContent-Type: text/plain\r\n\r\n%s did not answer\n' ${escapeShellArg (toString cfg.upstream)}
    fi
  '';
  # The configuration's proxy makes /upstream an address of its own, without a redirection.
  site = pkgs.runCommand "miniweb-site" { inherit upstream; inherit (cfg) text; passAsFile = [ "text" "upstream" ]; } (''
    mkdir -p $out/www
    ${if cfg.text == null then "" else "cp $textPath $out/www/index.html"}
    : > $out/httpd.conf
  '' + lib.optionalString hasUpstream ''
    mkdir $out/www/cgi-bin
    cp $upstreamPath $out/www/cgi-bin/upstream
    chmod +x $out/www/cgi-bin/upstream
    ${lib.optionalString (cfg.text == null) "ln -s upstream $out/www/cgi-bin/index.cgi"}
    echo 'P:/upstream:http://127.0.0.1:${toString cfg.port}/cgi-bin/upstream' >> $out/httpd.conf
  '');
in
{
  options.services.miniweb = {
    enable = lib.mkEnableOption "the miniature web server";
    package = lib.mkPackageOption pkgs "busybox" { };
    port = mkOption { type = types.port; default = 80; description = "Port on which the server answers HTTP."; };
    text = mkOption { type = types.nullOr types.str; default = null; description = "What `/` answers; null for what the upstream answers."; };
    upstream = mkOption {
      type = types.nullOr (types.strMatching "https?://.+");
      default = null;
      example = "http://192.168.0.2:5432/greeting";
      description = "Address whose content is fetched for each request of `/upstream`.";
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
        ExecStart = "${lib.getExe cfg.package} httpd -f -p ${toString cfg.port} -c ${site}/httpd.conf -h ${site}/www";
        Restart = "on-failure";
      };
    };
  };
}
