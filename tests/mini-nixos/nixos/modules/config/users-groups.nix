{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types concatStringsSep;
  cfg = config.users;

  userOptions = { name, config, ... }: {
    options = {
      enable = mkOption { type = types.bool; default = true; description = "If set to false, the user account will not be created."; };
      name = mkOption { type = types.passwdEntry types.str; description = "The name of the user account."; };
      description = mkOption { type = types.passwdEntry types.str; default = ""; example = "Alice Q. User"; description = "A short description of the user account."; };
      uid = mkOption { type = types.nullOr types.int; default = null; description = "The account UID. If the UID is null, a free UID is picked on activation."; };
      isSystemUser = mkOption { type = types.bool; default = false; description = "Indicates if the user is a system user or not."; };
      isNormalUser = mkOption { type = types.bool; default = false; description = "Indicates whether this is an account for a “real” user."; };
      group = mkOption { type = types.str; default = ""; description = "The user's primary group."; };
      extraGroups = mkOption { type = types.listOf types.str; default = [ ]; description = "The user's auxiliary groups."; };
      home = mkOption { type = types.passwdEntry types.path; default = "/var/empty"; description = "The user's home directory."; };
      homeMode = mkOption { type = types.strMatching "[0-7]{1,5}"; default = "700"; description = "The user's home directory mode in numeric format."; };
      createHome = mkOption { type = types.bool; default = false; description = "Whether to create the home directory and ensure ownership as well as permissions to match the user."; };
      shell = mkOption { type = types.nullOr (types.either types.shellPackage (types.passwdEntry types.path)); default = "/usr/sbin/nologin"; description = "The path to the user's shell."; };
      useDefaultShell = mkOption { type = types.bool; default = false; description = "If true, the user's shell will be set to users.defaultUserShell."; };
      packages = mkOption { type = types.listOf types.package; default = [ ]; description = "The set of packages that should be made available to the user."; };
      hashedPassword = mkOption { type = types.nullOr (types.passwdEntry types.str); default = null; description = "Specifies the hashed password for the user."; };
      initialHashedPassword = mkOption { type = types.nullOr (types.passwdEntry types.str); default = null; description = "Specifies the initial hashed password for the user."; };
      hashedPasswordFile = mkOption { type = types.nullOr types.str; default = null; description = "The full path to a file that contains the hash of the user's password."; };
      openssh.authorizedKeys = {
        keys = mkOption { type = types.listOf types.singleLineStr; default = [ ]; description = "A list of verbatim OpenSSH public keys that should be added to the user's authorized keys."; };
        keyFiles = mkOption { type = types.listOf types.path; default = [ ]; description = "A list of files each containing one OpenSSH public key that should be added to the user's authorized keys."; };
      };
    };
    config = lib.mkMerge [
      {
        name = lib.mkDefault name;
        shell = lib.mkIf config.useDefaultShell (lib.mkDefault cfg.defaultUserShell);
      }
      (lib.mkIf config.isNormalUser {
        group = lib.mkDefault "users";
        createHome = lib.mkDefault true;
        home = lib.mkDefault "/home/${config.name}";
        useDefaultShell = lib.mkDefault true;
      })
    ];
  };

  groupOptions = { name, config, ... }: {
    options = {
      name = mkOption { type = types.passwdEntry types.str; description = "The name of the group."; };
      gid = mkOption { type = types.nullOr types.int; default = null; description = "The group GID. If the GID is null, a free GID is picked on activation."; };
      members = mkOption { type = types.listOf (types.passwdEntry types.str); default = [ ]; description = "The user names of the group members."; };
    };
    config.name = lib.mkDefault name;
  };

  users = lib.filter (user: user.enable) (lib.attrValues cfg.users);
  members = group: lib.unique (group.members ++ map (user: user.name) (lib.filter (user: lib.elem group.name user.extraGroups) users));
  shellOf = user: if user.shell == null then "" else if lib.types.shellPackage.check user.shell then "${user.shell}${user.shell.shellPath}" else toString user.shell;

  # One line a group or user, as update-users-groups.sh reads them.
  spec = lib.concatMapStrings
    (group: concatStringsSep ":" [ "group" group.name (toString group.gid) (concatStringsSep "," (members group)) ] + "\n")
    (lib.attrValues cfg.groups)
  + lib.concatMapStrings
    (user: concatStringsSep ":" [
      "user" user.name (toString user.uid) user.group user.home (shellOf user)
      (if user.isNormalUser then "normal" else "system")
      (lib.optionalString user.createHome user.homeMode)
      (toString user.hashedPassword) (toString user.hashedPasswordFile)
      user.description
    ] + "\n")
    users;
in
{
  options.users = {
    mutableUsers = mkOption { type = types.bool; default = true; description = "If set to true, you are free to add new users and groups to the system with the ordinary useradd and groupadd commands."; };
    users = mkOption { default = { }; type = types.attrsOf (types.submodule userOptions); description = "Additional user accounts to be created automatically by the system."; };
    groups = mkOption { default = { }; type = types.attrsOf (types.submodule groupOptions); description = "Additional groups to be created automatically by the system."; };
    defaultUserShell = mkOption { type = types.either types.path types.shellPackage; default = "/bin/bash"; description = "This option defines the default shell assigned to user accounts."; };
    allowNoPasswordLogin = mkOption { type = types.bool; default = false; description = "Disable checking that at least the root user or a user in the wheel group can log in."; };
  };
  imports = [
    (lib.mkAliasOptionModule [ "users" "extraUsers" ] [ "users" "users" ])
    (lib.mkAliasOptionModule [ "users" "extraGroups" ] [ "users" "groups" ])
  ];
  config = {
    users.users.root = { uid = 0; group = "root"; home = lib.mkDefault "/root"; shell = lib.mkDefault cfg.defaultUserShell; description = "System administrator"; isSystemUser = true; };
    users.groups = { root.gid = 0; users.gid = 100; wheel.gid = 1; keys.gid = 96; adm = { }; };
    system.activationScripts.users = {
      deps = [ "specialfs" ];
      text = ''
        sh ${./update-users-groups.sh} ${lib.boolToString cfg.mutableUsers} <<'__users__'
        ${spec}__users__
      '';
    };
    assertions = lib.concatMap
      (user: [
        {
          assertion = user.isSystemUser != user.isNormalUser;
          message = "Exactly one of users.users.${user.name}.isSystemUser and users.users.${user.name}.isNormalUser must be set.\n";
        }
        {
          assertion = user.group != "";
          message = "users.users.${user.name}.group is unset. This used to default to\nnogroup, but this is unsafe. For example you can create a group\nfor this user with:\nusers.users.${user.name}.group = \"${user.name}\";\nusers.groups.${user.name} = {};\n";
        }
      ])
      users;
  };
}
