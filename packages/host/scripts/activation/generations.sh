# ---- generations of the system profile ----

generations() { # newest first
  for link in $profile-*-link; do
    number=${link#"$profile-"}
    printf '%s\n' "${number%-link}"
  done | sort -rn
}

generation_of() { # STORE PATH: number of its newest generation, nothing if it has none
  for number in $(generations); do
    [ "$(resolve "$profile-$number-link")" != "$1" ] || { echo "$number"; break; }
  done
}

# Removes the generations beyond those that are to be kept, except what runs, was booted, is the default or ran before.
prune() {
  case $keep in "" | all) return 0 ;; esac
  [ "$goal" != test ] || return 0
  kept=0 old=
  for number in $(generations); do
    kept=$((kept + 1))
    [ $kept -gt "$keep" ] || continue
    case $(resolve "$profile-$number-link") in
    "$toplevel" | "$previous" | "$(resolve /run/current-system)" | "$(resolve /run/booted-system)") continue ;;
    esac
    old="$old $number"
  done
  [ -n "$old" ] || return 0
  echo "removing old generations:$old"
  # shellcheck disable=SC2086 # numbers
  { nix-env --profile $profile --delete-generations $old && switch_to "$(resolve $profile)" boot; } ||
    echo "warning: old generations, or their boot entries, could not be removed"
}
