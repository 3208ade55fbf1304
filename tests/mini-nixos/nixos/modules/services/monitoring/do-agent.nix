# The agent reports to the cloud, which the machines of tests do not reach.
{ lib, ... }:
{
  options.services.do-agent.enable = lib.mkEnableOption "do-agent, the DigitalOcean droplet metrics agent";
}
