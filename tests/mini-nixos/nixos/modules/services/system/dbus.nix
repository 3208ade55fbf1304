# The bus is that of the machine's image.
{
  users.users.messagebus = { isSystemUser = true; group = "messagebus"; description = "D-Bus system message bus daemon user"; };
  users.groups.messagebus = { };
}
