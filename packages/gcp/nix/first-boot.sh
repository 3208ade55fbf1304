# Puts the keys of the instance's user data, which is cloud-config in JSON, where sshd reads them.
set -eu
umask 077
root=${FIRN_ROOT:-}
url=${FIRN_METADATA:-http://169.254.169.254}/computeMetadata/v1/instance/attributes/user-data
config=$(curl --fail --silent --show-error --retry 60 --retry-delay 1 --retry-connrefused \
  --header "Metadata-Flavor: Google" "$url" | sed 1d)
mkdir -p "$root/etc/ssh" "$root/root/.ssh" "$root/var/lib/firn"
printf '%s' "$config" | jq --exit-status --join-output .ssh_keys.ed25519_private > "$root/etc/ssh/ssh_host_ed25519_key"
printf '%s' "$config" | jq --exit-status --raw-output .ssh_keys.ed25519_public > "$root/etc/ssh/ssh_host_ed25519_key.pub"
printf '%s' "$config" | jq --exit-status --raw-output '.ssh_authorized_keys[]' > "$root/root/.ssh/authorized_keys"
chmod 644 "$root/etc/ssh/ssh_host_ed25519_key.pub"
touch "$root/var/lib/firn/first-boot"
