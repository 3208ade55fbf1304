# ---- what the unit runs: run ID, and cleanup ID when it ends in whatever way ----

run() {
  use "$1"
  exec 4>&1 </dev/null >>"$dir/output" 2>&1
  load
  previous=$(resolve /run/current-system)
  # A host that stays another distribution's had nothing of ours, and can go back to that.
  [ -n "$previous" ] || previous=$(resolve "$toplevel/none")
  generation=$(readlink $profile 2>/dev/null | sed -n 's/^system-\([0-9]*\)-link$/\1/p')
  # A machine that was started with its first system has nothing else to go back to.
  first=
  if [ -z "$generation" ] && [ "$previous" = "$toplevel" ] && [ "$(resolve /run/booted-system)" = "$toplevel" ]; then
    first=yes previous=
  fi
  [ -z "$previous" ] || put previous "$previous"
  put generation "$generation"
  ln -sfn "$dir" $base/last
  mkdir -p $roots && ln -sfn "$toplevel" $roots/next && [ -n "$previous" ] && ln -sfn "$previous" $roots/previous
  # What failed in its first boot is its own doing.
  if [ -n "$first" ]; then wait_for_boot; else remember_failed; fi
  [ "$reboot" != yes ] || stage
  case $goal in
  boot) commit ;;
  test) try && wait_for_confirmation "$confirm_s" ;;
  switch) try && wait_for_confirmation "$confirm_s" && commit ;;
  esac
  prune
  finish activated
}

try() {
  put phase testing
  code=0
  switch_to "$toplevel" test || code=$?
  put testExit $code
  case $code in
  0 | 4)
    [ "$(resolve /run/current-system)" = "$toplevel" ] || roll_back "switch-to-configuration test exited with $code and did not activate it"
    judge_units $code
    ;;
  124 | 137) roll_back "switch-to-configuration took longer than $activation_s s" ;;
  *) roll_back "switch-to-configuration test exited with $code" ;;
  esac
}

wait_for_confirmation() { # SECONDS without a word over a fresh connection
  uptime
  heard=$up
  put phase waiting
  until [ -e "$dir/confirm" ]; do
    [ ! -e "$dir/reject" ] || roll_back "$(get reject)"
    if [ -e "$dir/contact" ]; then read -r heard <"$dir/contact"; fi
    uptime
    [ $((up - heard)) -lt "$1" ] || roll_back "no confirmation came within $1 s"
    sleep 0.1
  done
  # What failed while the checks were made counts as well.
  judge_units 0
}

commit() {
  put phase committing
  mkdir -p $persistent && : >$unfinished
  put commitExit unknown
  code=0
  set_profile || code=$?
  put commitExit $code
  [ $code = 0 ] || roll_back "the system profile could not be set"
  put bootEntry touched
  switch_to "$toplevel" boot || code=$?
  put commitExit $code
  [ $code = 0 ] || roll_back "the boot entry could not be made (switch-to-configuration boot exited with $code)"
  put bootDefault "$toplevel"
  rm -f $unfinished
}

roll_back() {
  put reason "$1"
  echo "rolling back: $1"
  restore
}

restore() {
  put phase rolling-back
  [ "$reboot" != yes ] || retreat
  if [ -e "$dir/commitExit" ]; then give_back_default || put defaultExit $?; fi
  code=0
  if [ "$goal" != boot ]; then
    [ -n "$previous" ] || finish not-rolled-back
    switch_to "$previous" test || code=$?
  fi
  put rollbackExit $code
  case $code in
  0 | 4) [ ! -e "$dir/defaultExit" ] || finish rollback-failed; finish rolled-back ;;
  *) finish rollback-failed ;;
  esac
}

# Profile and boot entry as they were. What has not changed is left alone: on a full disk, nothing can be written.
give_back_default() {
  if [ -z "$generation" ]; then
    [ "$(resolve $profile)" != "$toplevel" ] || rm -f $profile
  elif [ "$(readlink $profile)" != "system-$generation-link" ]; then
    return_profile "$generation" || return
  fi
  if [ -n "$generation" ] && [ -e "$dir/bootEntry" ]; then switch_to $profile boot || return; fi
  rm -f $unfinished
}

cleanup() {
  use "$1"
  exec 4>&1 </dev/null >>"$dir/output" 2>&1
  load
  [ "$(get phase)" != finished ] || exit 0
  if goes_down; then
    # A trial goes on after the reboot. Otherwise the machine boots the old system, because nothing became the default.
    [ ! -e $trial/id ] || exit 0
    put reason "the machine was shut down or rebooted meanwhile"
    finish interrupted
  fi
  case $(get phase) in
  starting) finish interrupted ;;
  rolling-back) restore ;;
  *) roll_back "the activation was ended from outside" ;;
  esac
}
