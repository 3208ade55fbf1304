# ---- a system that is tried by booting it: stage, then trial ID in the next boot ----

boot_id() { cat /proc/sys/kernel/random/boot_id; }
# What the next boot must know.
record() { put "$1" "$2"; if [ -e $trial/id ]; then printf '%s\n' "$2" >$trial/"$1"; fi; }
record_output() { cp "$dir/output" $trial/output && sync; }

# Old system and new one get boot entries, and the new one is started once where the boot loader can do that: the old
# one stays the default. Other boot loaders start what is the default: there, the new system has to go back by itself.
stage() {
  put phase staging
  put bootId "$(boot_id)"
  put fallback "$(resolve /run/booted-system)"
  [ -n "$(generation_of "$(get fallback)")" ] || nix-env --profile $profile --set "$(get fallback)" ||
    roll_back "the system profile could not be set"
  put fallbackGeneration "$(generation_of "$(get fallback)")"
  mkdir -p $persistent && chmod 700 $persistent && rm -rf $trial.new && cp -R "$dir" $trial.new &&
    cp "$script" $trial.new/activation.sh && rm -f $trial.new/alive $trial.new/contact &&
    mv $trial.new $trial && sync || roll_back "$persistent could not be written"
  set_profile || roll_back "the system profile could not be set"
  if boot_once; then
    record bootOnce yes
  else
    record bootOnce no
    set_profile || roll_back "the system profile could not be set"
    switch_to "$toplevel" boot || roll_back "the boot entry could not be made (switch-to-configuration boot exited with $?)"
  fi
  go_down
  roll_back "the machine did not go down for its reboot: $said"
}

go_down() {
  record_output
  put phase rebooting
  sleep 1 # Whoever follows looks five times in that, and should hear it.
  # What the deployer has seen of the output is what the next boot has of it: nothing more is written.
  said=$(systemctl reboot 2>&1)
  # On its way down, systemd ends this.
  waited=0
  while [ $waited -lt 300 ]; do sleep 1; waited=$((waited + 1)); done
}

# firn-trial.service starts this early in a boot; a deployer does where a system has no such unit.
trial() {
  [ -e $trial/id ] || exit 0
  use "$(cat $trial/id)"
  exec </dev/null >>"$dir/output" 2>&1
  load
  booted=$(resolve /run/booted-system)
  if [ -n "$(get outcome)" ]; then
    [ "$booted" = "$(get fallback)" ] || { put reason "$(get reason); then it booted $booted"; put outcome rollback-failed; }
    end_trial "$(get outcome)"
  fi
  [ "$(boot_id)" != "$(get bootId)" ] || roll_back "the machine did not reboot"
  [ "$booted" = "$toplevel" ] || roll_back "the machine came up with $booted instead"
  wait_for_boot
  judge_units 0
  wait_for_confirmation $((confirm_s * 3))
  commit
  prune
  end_trial activated
}

wait_for_boot() {
  put phase booting
  waited=0
  while :; do
    state=$(systemctl is-system-running 2>/dev/null)
    case $state in
    running | degraded) break ;;
    maintenance) roll_back "it came up in emergency mode" ;;
    esac
    [ $waited -lt "$activation_s" ] || roll_back "its boot was not over after $activation_s s ($state)"
    sleep 1
    waited=$((waited + 1))
  done
  now=$(resolve /run/current-system)
  [ "$now" = "$toplevel" ] || roll_back "it runs $now after its boot"
}

# Makes the system that booted before the boot default again, and boots it when another one has been booted since.
retreat() {
  [ -n "$(get fallbackGeneration)" ] || end_trial rolled-back
  code=0
  forget_once
  { return_profile "$(get fallbackGeneration)" && switch_to "$(get fallback)" boot; } || code=$?
  record rollbackExit $code
  [ $code = 0 ] || end_trial rollback-failed
  rm -f $unfinished
  [ "$(boot_id)" != "$(get bootId)" ] && [ "$(resolve /run/booted-system)" != "$(get fallback)" ] || end_trial rolled-back
  record reason "$(get reason)"
  record failedUnits "$(get failedUnits)"
  record outcome rolled-back
  go_down
  put reason "$(get reason); then the machine did not go down for the reboot that takes it back: $said"
  end_trial rollback-failed
}

end_trial() {
  rm -rf $trial
  finish "$1"
}

# Has a trial go on that nobody attends to: its boot had no unit for it, or that was ended.
resume_trial() {
  [ -e $trial/id ] && [ "$(cat $trial/id)" = "$(get id)" ] && [ "$(get phase)" != finished ] || return 0
  unit_lives || goes_down || { id=$(get id) && start trial; }
}

# One deployment at a time holds across reboots too.
settle_trial() {
  [ -e $trial/id ] || return 0
  use "$(cat $trial/id)"
  resume_trial
  waited=0
  while [ -e $trial/id ] && [ "$(get phase)" != waiting ] && [ $waited -lt 20 ]; do
    say tick $waited
    sleep 0.1
    waited=$((waited + 1))
  done
  [ ! -e $trial/id ] || busy
}
