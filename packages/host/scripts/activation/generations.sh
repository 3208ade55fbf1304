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

set_profile() { # to the system that is activated; remembers the generation if it is a new one
  before=$(generation_of "$toplevel")
  nix-env --profile $profile --set "$toplevel" || return
  after=$(generation_of "$toplevel")
  [ "$before" = "$after" ] || record created "$after"
}

# A boot loader may list a few of the newest generations only: one that did not work must not be the newest.
return_profile() { # NUMBER
  nix-env --profile $profile --switch-generation "$1" || return
  created=$(get created)
  [ -z "$created" ] || [ "$created" = "$1" ] || nix-env --profile $profile --delete-generations "$created" || :
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
