# Brings the disks of a machine to a plan, which comes on standard input (disk-plan.ts): STEP TARGET SERIAL...
#   check  says what is in the way, and writes nothing
#   apply  partitions, formats, and mounts below TARGET; what an earlier run has finished stays as it is
# A disk that carries data is refused unless its serial number is among the last arguments. Exit code 3 is a refusal.
set -eu
step=$1 target=$2
shift 2
allowed=" $* "
tab=$(printf '\t')
work=$(mktemp -d)
tidy() {
    ! mountpoint -q "$work/volume" || umount "$work/volume"
    rm -f "$work/plan" "$work/table" "$work/guids"
    [ ! -d "$work/volume" ] || rmdir "$work/volume"
    rmdir "$work"
}
trap tidy EXIT
cat >"$work/plan"

refuse() {
    echo "$*" >&2
    exit 3
}

need() {
    command -v "$1" >/dev/null || refuse "there is no $1 in the system that it runs now: install ${2:-util-linux} there"
}

# Device nodes come and go with udev; the kernel may not read the table by itself.
settle() {
    partx --update "$1" 2>/dev/null || :
    ! command -v udevadm >/dev/null || udevadm settle --timeout=30 || :
}

lower() { printf '%s' "$1" | tr A-Z a-z; }

table_of() { lower "$(blkid -p -s PTUUID -o value "$1" 2>/dev/null || :)"; }

uuid_of() { lower "$(blkid -p -s UUID -o value "$1" 2>/dev/null || :)"; }

serial_of() {
    serial=$(lsblk --nodeps --noheadings --output SERIAL "$1" 2>/dev/null | tr -d ' ')
    # Of virtio disks the kernel alone tells.
    [ -n "$serial" ] || serial=$(cat "/sys/class/block/${1##*/}/serial" 2>/dev/null || :)
    [ -n "$serial" ] || ! command -v udevadm >/dev/null ||
        serial=$(udevadm info --query=property --name="$1" 2>/dev/null | sed -n 's/^ID_SERIAL_SHORT=//p')
    printf '%s' "$serial"
}

# "NODE NUMBER NAME DISK" of a partition with a GUID, of any table of the plan.
find_partition() {
    while IFS=$tab read -r kind _ device _; do
        [ "$kind" = table ] || continue
        device=$(readlink -f "$device")
        [ -b "$device" ] || continue
        sfdisk --dump "$device" 2>/dev/null | awk -v guid="$(lower "$1")" -v disk="$device" '
            / : start=/ { number += 1; node = $1 }
            / : start=/ && index(tolower($0), "uuid=" guid) {
                match(node, /[0-9]+$/); name = $0
                if (!sub(/.*name="/, "", name)) name = "-\""
                sub(/".*/, "", name)
                print node, substr(node, RSTART), name, disk
            }'
    done <"$work/plan" | head -n 1
}

node_of() {
    case $1 in
    /*) node=$(readlink -f "$1") ;;
    *) node=$(find_partition "$1") node=${node%% *} ;;
    esac
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -n "$node" ] && [ -b "$node" ] && break
        sleep 0.5
    done
    [ -b "$node" ] || refuse "there is no device for $1 after it was made"
    printf '%s' "$node"
}

# Whether all partitions with these GUIDs carry what they shall.
is_finished() {
    for guid; do
        found=$(find_partition "$guid")
        case $found in "" | *.new\ *) return 1 ;; esac
    done
}

# What a disk carries, in words; nothing for an empty one.
signatures() {
    for node in $(lsblk --noheadings --raw --paths --output NAME "$1"); do
        [ ! -b "$node" ] || wipefs --noheadings --output TYPE "$node" 2>/dev/null | sed "s|^|$node: |"
    done | sort -u | tr '\n' ',' | sed 's/,$//; s/,/, /g'
}

users() {
    lsblk --noheadings --raw --paths --output NAME,MOUNTPOINT "$1" | awk 'NF > 1 { print $1 " is mounted at " $2 }'
}

check_disk() { # GUID DEVICE
    device=$(readlink -f "$2")
    [ -b "$device" ] || refuse "there is no $2 on it; its disks are
$(lsblk --nodeps --noheadings --paths --output NAME,SIZE,MODEL,SERIAL)"
    case $(lsblk --nodeps --noheadings --output TYPE "$device") in
    disk | loop) ;;
    *) refuse "$2 is no whole disk" ;;
    esac
    case " $seen " in *" $device "*) refuse "the layout has $device twice" ;; esac
    seen="$seen $device"
    [ "$(table_of "$device")" != "$(lower "$1")" ] || return 0
    users=$(users "$device")
    [ -z "$users" ] || refuse "$2 is in use: $(printf '%s' "$users" | head -n 1). Start the rescue system, or unmount it"
    carries=$(signatures "$device")
    [ -n "$carries" ] || return 0
    serial=$(serial_of "$device")
    [ -n "$serial" ] || refuse "$2 carries data ($carries), and has no serial number by which you could tell that it may go: empty it yourself (wipefs --all)"
    case $allowed in *" $serial "*) return 0 ;; esac
    refuse "$2 carries data ($carries). Its serial number is $serial"
}

check() {
    seen=
    for program in sfdisk:fdisk blkid wipefs lsblk partx; do need "${program%:*}" "$(echo "$program" | sed -n 's/.*://p')"; done
    while IFS=$tab read -r kind first second _; do
        case $kind in
        table) case $second in /dev/md/*) ;; *) check_disk "$first" "$second" ;; esac ;;
        array) need mdadm mdadm ;;
        format)
            case $second in
            ext4) need mkfs.ext4 e2fsprogs ;; xfs) need mkfs.xfs xfsprogs ;; btrfs) need mkfs.btrfs btrfs-progs ;;
            vfat) need mkfs.vfat dosfstools ;; swap) need mkswap ;;
            esac
            ;;
        esac
    done <"$work/plan"
}

# Takes apart what lies on a disk: arrays that the rescue system has put together, volume groups.
release() {
    for node in $(lsblk --noheadings --raw --paths --output NAME,TYPE "$1" | awk '$2 ~ /^raid/ { print $1 }' | sort -u); do
        mdadm --stop "$node"
    done
    [ -z "$(lsblk --noheadings --raw --output TYPE "$1" | grep -x lvm || :)" ] || vgchange --activate n >/dev/null
    for node in $(lsblk --noheadings --raw --paths --output NAME "$1" | sort -r); do
        [ ! -b "$node" ] || wipefs --quiet --all "$node"
    done
}

begin_table() {
    table=$1 device=$2
    : >"$work/table" >"$work/guids"
}

add_partition() { # GUID TYPE SIZE NAME filled|empty
    name=$4
    [ "$5" = empty ] || name=$4.new
    size=
    [ "$3" = - ] || size="size=${3}MiB, "
    echo "${size}type=$2, uuid=$(printf '%s' "$1" | tr a-z A-Z), name=\"$name\"" >>"$work/table"
    echo "$1" >>"$work/guids"
}

write_table() {
    real=$(readlink -f "$device")
    if [ "$(table_of "$real")" = "$(lower "$table")" ]; then
        settle "$real"
        missing= begun=
        for guid in $(cat "$work/guids"); do
            found=$(find_partition "$guid")
            [ -n "$found" ] || missing=$guid
        done
        [ -n "$missing" ] || return 0
        begun=$(sfdisk --dump "$real" | grep -c 'name="' || :)
        [ "$begun" -eq 0 ] || refuse "$device has partitions of another layout of this machine. Firn does not change disks that it has partitioned: give back the former layout, or empty the disk yourself (wipefs --all)"
    else
        case $device in /dev/md/*) ;; *) release "$real" ;; esac
    fi
    { echo "label: gpt"; echo "label-id: $table"; cat "$work/table"; } |
        sfdisk --quiet --wipe always --wipe-partitions always "$real"
    sync
    settle "$real"
    echo "firn:did=partitioned $device"
}

make_array() { # NAME ID METADATA GUID...
    array=/dev/md/$1 id=$2 metadata=$3 name=$1
    shift 3
    [ ! -b "$array" ] || [ "$(mdadm --detail --export "$array" | sed -n 's/^MD_UUID=//p')" != "$id" ] || return 0
    nodes= count=0 known=0
    for guid; do
        node=$(node_of "$guid")
        nodes="$nodes $node" count=$((count + 1))
        [ "$(mdadm --examine --export "$node" 2>/dev/null | sed -n 's/^MD_UUID=//p')" != "$id" ] || known=$((known + 1))
    done
    # Names of nodes have no blanks.
    if [ $known -eq $count ] || is_finished "$@"; then
        # udev may have put it together under another name.
        for node in $nodes; do
            for other in $(lsblk --noheadings --raw --paths --output NAME,TYPE "$node" | awk '$2 ~ /^raid/ { print $1 }'); do mdadm --stop "$other"; done
        done
        mdadm --assemble --run "$array" --uuid="$id" $nodes
    else
        mdadm --create "$array" --run --quiet --level=1 --raid-devices=$count --metadata="$metadata" \
            --uuid="$id" --name="$name" --homehost=any $nodes
        echo "firn:did=made $array"
    fi
    settle "$array"
}

format() { # ON FILESYSTEM ID GUIDS ARGUMENT...
    on=$1 kind=$2 id=$3 guids=$4
    shift 4
    node=$(node_of "$on")
    formatted=
    if is_finished $guids; then
        [ "$(uuid_of "$node")" = "$(lower "$id")" ] || refuse "$node does not carry the file system that Firn has made there ($kind, $id), and is left as it is: empty the disk yourself (wipefs --all) to start over"
        return 0
    fi
    # What a cut has left there half would be in the way of some of them.
    wipefs --quiet --all "$node"
    case $kind in
    ext4) mkfs.ext4 -q -F -U "$id" "$@" "$node" ;;
    xfs) mkfs.xfs -q -f -m uuid="$id" "$@" "$node" ;;
    btrfs) mkfs.btrfs -q -f -U "$id" "$@" "$node" ;;
    vfat) mkfs.vfat -i "$(echo "$id" | tr -d -)" "$@" "$node" >/dev/null ;;
    swap) mkswap -U "$id" "$node" >/dev/null ;;
    esac
    formatted=$node
    echo "firn:did=formatted $node as $kind"
}

make_subvolume() { # ON PATH
    [ -n "$formatted" ] || return 0
    mkdir -p "$work/volume"
    mount -t btrfs "$formatted" "$work/volume"
    mkdir -p "$work/volume/$(dirname "$2")"
    btrfs subvolume create "$work/volume/$2" >/dev/null
    umount "$work/volume"
}

finish() {
    for guid; do
        found=$(find_partition "$guid")
        set -- $found
        case $3 in
        *.new)
            sync
            sfdisk --quiet --no-reread --no-tell-kernel --part-label "$4" "$2" "${3%.new}"
            ;;
        esac
    done
    sync
}

mount_there() { # ON FILESYSTEM PATH OPTIONS
    place=$target${3%/}
    mkdir -p "$place"
    ! mountpoint -q "$place" || return 0
    node=$(node_of "$1")
    mount -t "$2" -o "$4" "$node" "$place"
}

apply() {
    while IFS= read -r line <&3; do
        IFS=$tab
        set -f
        set -- $line
        set +f
        unset IFS
        kind=$1
        shift
        case $kind in
        table) begin_table "$@" ;;
        partition) add_partition "$@" ;;
        write) write_table ;;
        array) make_array "$@" ;;
        format) format "$@" ;;
        subvolume) make_subvolume "$@" ;;
        finish) finish "$@" ;;
        mount) mount_there "$@" ;;
        esac
    done 3<"$work/plan"
}

check
[ "$step" = check ] || apply
