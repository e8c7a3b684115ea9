# Runs, watches and ends one command on this machine. POSIX sh; dash, bash and busybox will do.
#
# Lives in ~/.spate/_bin, and a copy in every run's directory, so that a run keeps the script it was
# started with. What it needs of Linux is /proc; time is /proc/uptime, for the wall clock may be wrong.
#
# A run's directory, ~/.spate/JOB/MEMBER/ATTEMPT (a preparation's: ~/.spate/setup/FINGERPRINT):
#   script env   what to run and with which variables, as they came; never part of a command line
#   work/        where it runs
#   out err      what it writes
#   pid          the supervisor: process id, its start time, the boot
#   beat         uptime of the supervisor's last sign of life
#   cause        why it was made to end: timeout or stopped
#   exit         how it ended; renamed in when everything else has been written
# A job's directory, ~/.spate/JOB:
#   owner.N      the last owner that has had to do with the job was the Nth
#
# Every program that is called costs a run some milliseconds: what the shell can do, it does.
#
# Answers are a line "spate:WORD ..." on standard output. Arguments are words of [A-Za-z0-9._/-].

case $0 in
  .spate/*) cd .spate || exit 1 ;;
esac
root=$(pwd)

say() { printf 'spate:%s\n' "$*"; }

# Sets now to the time since boot, in hundredths of a second.
clock() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
}

# Sets started to the start time of process $1; empty if there is none.
start_time() {
  started=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  set -- ${stat##*) }
  started=${20}
}

# Sets found to what lives of run directory $1: what is in the session of its command, and what has
# left it but inherited its mark.
members() {
  session=none
  began=0
  { read -r session <"$1/session"; } 2>/dev/null
  { read -r _ began _ <"$1/pid"; } 2>/dev/null
  found=
  young=
  for id in $(
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$session" -v began="$began" '{
      id = $1
      sub(/.*\) /, "")
      if ($4 == session && $1 != "Z") print id
      else if ($20 >= began) print "+" id
    }'
  ); do
    case $id in
      +*) young="$young /proc/${id#+}/environ" ;;
      *) found="$found $id" ;;
    esac
  done
  # shellcheck disable=SC2086
  for file in $(marked "SPATE_RUN_MARK=$root/$1/" $young); do
    id=${file#/proc/}
    found="$found ${id%/environ}"
  done
}

# Prints which of the environments $2 ... hold the variable $1.
marked() {
  variable=$1
  shift
  if [ $# -gt 0 ] && printf 'a\0b' | grep -q -F b; then
    grep -l -s -F "$variable" "$@"
  else
    # A grep that reads no further than a NUL, as busybox's.
    for file in "$@"; do
      { tr '\0' '\n' <"$file" | grep -q -x -F "$variable" && echo "$file"; } 2>/dev/null
    done
  fi
}

# Sends signal $1 to what members found. A command may have become root by sudo.
signal() {
  # shellcheck disable=SC2086
  [ -z "$found" ] || kill -s "$1" $found 2>/dev/null ||
    sudo -n kill -s "$1" $found </dev/null >/dev/null 2>&1
}

# Ends what lives of run directory $1: asks, waits $2 seconds, then makes it.
end_members() {
  members "$1"
  [ -n "$found" ] || return 0
  signal TERM
  clock
  patience=$((now + $2 * 100))
  while members "$1" && [ -n "$found" ] && clock && [ "$now" -lt "$patience" ]; do
    sleep 0.05
  done
  # A process may fork while it is being looked for: look until there is none.
  tries=0
  while [ -n "$found" ] && [ "$tries" -lt 50 ]; do
    signal KILL
    sleep 0.02
    members "$1"
    tries=$((tries + 1))
  done
}

# Writes to file $1 what is_alive has to know of this process.
sign() {
  start_time $$
  read -r this_boot </proc/sys/kernel/random/boot_id
  echo "$$ $started $this_boot" >"$1"
}

# Whether the supervisor of run directory $1 lives.
is_supervised() { is_alive "$1/pid"; }

# Whether the process lives that signed file $1. A process id alone proves nothing: ids return.
is_alive() {
  { read -r id began boot <"$1"; } 2>/dev/null || return 1
  read -r this_boot </proc/sys/kernel/random/boot_id
  [ "$boot" = "$this_boot" ] || return 1
  start_time "$id"
  [ -n "$started" ] && [ "$started" = "$began" ]
}

# Whether the last sign of life in run directory $1 is recent.
is_beating() {
  beat=
  { read -r beat <"$1/beat"; } 2>/dev/null
  clock
  [ -n "$beat" ] && [ "$beat" -le "$now" ] && [ $((now - beat)) -lt 500 ]
}

# Acts for owner $2 of the job of run directory $1. Fails if a later one has been here. Each leaves its
# mark before it looks: so of two that come at once, at least the earlier sees the other's.
own() {
  job=${1%%/*}
  [ -e "$job/owner.$2" ] || { echo >"$job/owner.$2"; } 2>/dev/null
  for mark in "$job"/owner.*; do
    if [ "${mark##*.}" -gt "$2" ]; then
      return 1
    elif [ "${mark##*.}" -lt "$2" ]; then
      rm -f "$mark"
    fi
  done
}

# Says what run directory $1 is doing.
status() {
  if ! [ -d "$1" ]; then
    say none
    return
  fi
  tries=0
  while :; do
    if [ -e "$1/exit" ]; then
      read -r how <"$1/exit"
      say "$how"
      return
    fi
    if is_supervised "$1"; then
      say running
      return
    fi
    # Between the start lock and the first sign of life, and between the last and the exit, it may
    # look dead for a moment.
    if ! is_beating "$1" && [ "$tries" -ge 20 ]; then
      # Whoever makes this file decides whether the command is ever started.
      [ -e "$1/pid" ] || (set -C && : >"$1/begun") 2>/dev/null || ! [ -e "$1/begun" ] || [ "$tries" -ge 100 ] &&
        break
    fi
    tries=$((tries + 1))
    sleep 0.05
  done
  # Nobody else will end these any more.
  end_members "$1" 0
  how='vanished the process that watched over it is gone and left no exit code'
  (set -C && echo "$how" >"$1/exit") 2>/dev/null
  say "$how"
}

# Sets over once run directory $1 has ended, or has vanished.
look() {
  if [ -e "$1/exit" ]; then
    over=1
  elif ! is_supervised "$1" && ! is_beating "$1"; then
    over=1
  fi
  return 0
}

# Sleeps for a moment, the longer the longer it has been waited: what has taken a minute can take a
# second more, and every look costs the machine something. Sets slept to twentieths of a second.
nap() {
  naps=$((naps + 1))
  if [ "$naps" -le 40 ]; then
    slept=1
    sleep 0.05
  elif [ "$naps" -le 100 ]; then
    slept=4
    sleep 0.2
  else
    slept=20
    sleep 1
  fi
}

# Ends this process when the other side hangs up, which closes its standard input.
leave_with_caller() {
  exec 7<&0 </dev/null
  {
    cat >/dev/null
    kill $$
  } <&7 >/dev/null 2>&1 5>&- 6>&- &
  listener=$!
}

# What is passed over is at least this many bytes.
stretch=1048576

# Sets size to that of file $1.
size_of() {
  # shellcheck disable=SC2012
  set -- $(ls -ln "$1")
  size=$5
}

# Moves descriptor $1, of file $2, to offset $3; or to $5 bytes before its end, if that is further by a
# stretch and the first $4 bytes have been seen. Sets position to where that is.
seek() {
  position=$3
  if [ "$3" -ge "$4" ]; then
    size_of "$2"
    [ $((size - $5 - position)) -le "$stretch" ] || position=$((size - $5))
  fi
  [ "$position" -eq 0 ] || dd bs=1 skip="$position" count=0 <&"$1"
}

# Whether seek would move descriptor $1, of file $2, further on from where it is; $3 and $4 as its last.
is_behind() {
  position=0
  read -r _ position <"/proc/$$/fdinfo/$1"
  [ "$position" -ge "$3" ] || return 1
  size_of "$2"
  [ $((size - $4 - position)) -gt "$stretch" ]
}

# Copies what there is of descriptor 3 (4), out (err) of run directory $1, to 5 (6), at most 1 MiB: a
# stream must not starve the other. Sets moved to full if there may be more, to some if there was something.
pump() {
  for pair in '3 5' '4 6'; do
    case $pair in
      3*) [ -s "$1/out" ] || continue; count=$(dd bs=65536 count=16 <&3 2>&1 >&5) ;;
      4*) [ -s "$1/err" ] || continue; count=$(dd bs=65536 count=16 <&4 2>&1 >&6) ;;
    esac
    case $count in
      0+0*) ;;
      16+0*) moved=full ;;
      *) moved=${moved:-some} ;;
    esac
  done
}

# Waits for a second, or for the end of run directory $1.
pause() {
  waited=0
  while [ "$waited" -lt 5 ] && ! [ -e "$1/exit" ]; do
    sleep 0.2
    waited=$((waited + 1))
  done
}

# Streams out and err of run directory $1, from offsets $2 and $3, to the end. The first $4 bytes of each
# are wanted, and the last $5: what lies between is passed over where there is much of it, so that a
# flood costs neither line nor reader. Says first where each stream begins. Ends with 3 if it is to be
# called again, to pass something over. For owner $6: ends with 4 if there has been a later one.
watch() {
  exec 5>&1 6>&2 >/dev/null 2>&1
  if [ -d "${1%%/*}" ] && ! own "$1" "$6"; then
    exit 4
  fi
  # What came before was somebody's login script.
  if ! [ -e "$1/err" ]; then
    say watch "$2" >&5
    say watch "$3" >&6
    exit 1
  fi
  exec 3<"$1/out" 4<"$1/err"
  seek 3 "$1/out" "$2" "$4" "$5"
  say watch "$position" >&5
  seek 4 "$1/err" "$3" "$4" "$5"
  say watch "$position" >&6
  leave_with_caller
  over=
  naps=0
  idle=1
  again=0
  while :; do
    # The end first, the output after: so none is missed.
    look "$1"
    moved=
    pump "$1"
    case $moved in
      full)
        is_behind 3 "$1/out" "$4" "$5" || is_behind 4 "$1/err" "$4" "$5" || continue
        [ -n "$over" ] || pause "$1"
        again=3
        break
        ;;
      some) idle=1 ;;
      *) [ "$idle" -ge 20 ] || idle=$((idle + 4)) ;;
    esac
    [ -z "$over" ] || break
    waited=0
    while [ "$waited" -lt "$idle" ] && ! [ -e "$1/exit" ]; do
      nap
      waited=$((waited + slept))
    done
  done
  kill "$listener" 2>/dev/null
  exit "$again"
}

# Starts run directory $1 from what has been unpacked, with a limit of $2 seconds and a grace of $3,
# unless it has been started before. For owner $4 of its job, unless it is a preparation.
start() {
  LC_ALL=C mkdir -p "${1%/*}" || exit 1
  if [ -n "${4:-}" ] && ! own "$1" "$4"; then
    rm -rf "$unpacked"
    say stale
    return
  fi
  if ! refused=$(LC_ALL=C mkdir "$1" 2>&1); then
    rm -rf "$unpacked"
    if [ -d "$1" ]; then
      status "$1"
      return
    fi
    echo "$refused" >&2
    exit 1
  fi
  clock
  echo "$now" >"$1/beat"
  : >"$1/out"
  : >"$1/err"
  # Room to tell the end in, if the command fills the disk.
  printf %65536s '' 2>/dev/null >"$1/reserve"
  mv "$unpacked"/* "$1/" && rmdir "$unpacked" || exit 1
  if command -v setsid >/dev/null 2>&1; then
    setsid sh "$1/run.sh" supervise "$@" </dev/null >/dev/null 2>&1 &
  else
    nohup sh "$1/run.sh" supervise "$@" </dev/null >/dev/null 2>&1 &
  fi
  say running
}

# Starts the command as supervise wants it: in a session of its own, where that is possible.
command_of() {
  if command -v setsid >/dev/null 2>&1; then
    exec setsid sh "$root/$1/run.sh" command "$@"
  fi
  exec sh "$root/$1/run.sh" command "$@"
}

# Becomes the command of run directory $1.
become() {
  ! command -v setsid >/dev/null 2>&1 || echo $$ >"$1/session"
  cd "$1/work" || exit 127
  SPATE_RUN_MARK=$root/$1/
  . ../env
  export SPATE_RUN_MARK
  read -r first <../script
  case $first in
    '#!'*) exec ../script ;;
    *) exec sh ../script ;;
  esac
}

# Shows signs of life, and ends the command of run directory $1 when $2 hundredths of a second since
# boot have come, with a grace of $3.
tick() {
  while [ -d "/proc/$$" ]; do
    clock
    { echo "$now" >"$1/beat"; } 2>/dev/null
    left=$(($2 - now))
    if [ "$left" -le 0 ]; then
      (set -C && echo timeout >"$1/cause") 2>/dev/null
      end_members "$1" "$3"
      sleep 2
    elif [ "$left" -ge 200 ]; then
      sleep 2
    else
      sleep 0.1
    fi
  done
}

# Runs the command of run directory $1 to its end; $2 and $3 as for start.
supervise() {
  (set -C && : >"$1/begun") 2>/dev/null || exit 1
  sign "$1/pid"
  clock
  end_at=$((now + $2 * 100))
  tick "$1" "$end_at" "$3" &
  ticker=$!
  code=0
  if ! [ -e "$1/cause" ]; then
    command_of "$1" >"$1/out" 2>"$1/err" &
    wait $!
    code=$?
  fi
  # Nothing of a run outlives it: what is left would write on, and be in the way of the next.
  end_members "$1" "$3"
  kill "$ticker" 2>/dev/null
  how="exited $code"
  if [ -e "$1/cause" ]; then
    read -r how <"$1/cause"
  elif [ "$code" -ne 0 ] && is_full "$1"; then
    how="full $code"
  fi
  : >"$1/reserve"
  until echo "$how" >"$1/exit.new" && mv "$1/exit.new" "$1/exit" || ! [ -d "$1" ]; do
    sleep 1
  done
}

# Whether there is no room left on the disk of run directory $1.
is_full() {
  set -- $(df -P -k "$1" | tail -n 1)
  [ "${4:-1024}" -lt 16 ]
}

# Ends run directory $1, with a grace of $2 seconds, for owner $3. One that has not been started never
# will be.
stop() {
  mkdir -p "${1%/*}"
  if ! own "$1" "$3"; then
    say stale
    return
  fi
  if mkdir "$1" 2>/dev/null; then
    : >"$1/out"
    : >"$1/err"
    echo stopped >"$1/exit.new" && mv "$1/exit.new" "$1/exit"
  elif ! [ -e "$1/exit" ]; then
    (set -C && echo stopped >"$1/cause") 2>/dev/null
    # The supervisor writes the end down, if there is one.
    while ! [ -e "$1/exit" ]; do
      end_members "$1" "$2"
      is_supervised "$1" || status "$1" >/dev/null
      [ -e "$1/exit" ] || sleep 0.05
    done
  fi
  say done
}

# Waits for the end of run directory $1, which prepares the machine, and says it. One that failed is
# moved away, to be tried again, and shows the end of what it wrote.
prepared() {
  leave_with_caller
  over=
  naps=0
  while look "$1" && [ -z "$over" ]; do
    nap
  done
  status "$1"
  read -r how <"$1/exit"
  if [ "$how" != 'exited 0' ] && mv "$1" "$1.failed.$$" 2>/dev/null; then
    tail -c 2000 "$1.failed.$$/out"
    tail -c 2000 "$1.failed.$$/err"
  fi
  kill "$listener" 2>/dev/null
}

# Asks the cloud's metadata service for $1 (by method $2, with header $3); sets answer and code, which is
# 000 if there is no service.
ask_cloud() {
  answer=$(curl -q -s -m 2 --noproxy '*' -w '\n%{http_code}' -X "$2" -H "$3" \
    "${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}/latest/$1" 2>/dev/null)
  code=${answer##*
}
  answer=${answer%
*}
}

# Waits until the cloud gives notice that it takes this spot machine back, and says it. EC2 does so two
# minutes ahead, and wants to be asked every five seconds. Says unknown if nobody can be asked.
notice() {
  if ! command -v curl >/dev/null 2>&1; then
    say unknown
    return
  fi
  leave_with_caller
  token=
  failures=0
  while :; do
    if [ -z "$token" ]; then
      ask_cloud api/token PUT 'X-aws-ec2-metadata-token-ttl-seconds: 21600'
      [ "$code" != 200 ] || token=$answer
    fi
    if [ -n "$token" ]; then
      ask_cloud meta-data/spot/instance-action GET "X-aws-ec2-metadata-token: $token"
    fi
    case $code in
      200) [ -z "$token" ] || break ;;
      404) failures=0 ;;
      *)
        # The token may have run out.
        token=
        failures=$((failures + 1))
        [ "$failures" -lt 6 ] || break
        ;;
    esac
    sleep 5
  done
  if [ "$code" = 200 ]; then
    say notice "$answer"
  else
    say unknown
  fi
  kill "$listener" 2>/dev/null
}

# Sets the uptime at which the machine's watchdog powers it off, to $1 seconds from now.
lease() {
  file=${SPATE_ROOT:-}/run/spate/lease
  clock
  until=$((now / 100 + $1))
  if { echo "$until" >"$file.new" && mv "$file.new" "$file" || echo "$until" >"$file"; } 2>/dev/null
  then
    say 'done'
  elif [ -e _claim ]; then
    # A machine of somebody's own, which is not powered off.
    say 'done'
  else
    say "failed cannot write $file"
  fi
}

# Marks the machine as taken by "$*", unless it is taken, and says who has it.
claim() {
  mkdir -p _bin
  # A link is made whole or not at all.
  echo "$*" >"_bin/claim.$$" && ln "_bin/claim.$$" _claim 2>/dev/null
  rm -f "_bin/claim.$$"
  claimed
}

# Says who has the machine.
claimed() {
  if { read -r by <_claim; } 2>/dev/null; then
    say claimed "$by"
  else
    say free
  fi
}

# Whether "$*" has the machine.
has_claim() {
  by=
  { read -r by <_claim; } 2>/dev/null
  [ -n "$by" ] && [ "$by" = "$*" ]
}

# Removes $1, of which a command may have become the owner by sudo.
remove() { rm -rf "$1" 2>/dev/null || sudo -n rm -rf "$1" </dev/null >/dev/null 2>&1; }

# Gives the machine back, if "$*" has it: ends and forgets all that was done on it. One at a time:
# a second one would go on when the first has made the machine free, and end what the next one runs.
release() {
  mkdir -p _bin
  sign "_bin/release.$$" || exit 1
  until ln "_bin/release.$$" _releasing 2>/dev/null; do
    # Whoever began it may have been killed.
    ! [ -e _releasing ] || is_alive _releasing || rm -f _releasing
    sleep 0.1
  done
  if has_claim "$@"; then
    for directory in */*/[0-9]* setup/*; do
      [ -d "$directory" ] && has_claim "$@" || continue
      is_supervised "$directory" && kill -s KILL "$id"
      end_members "$directory" 0
    done
    for directory in * _in; do
      case $directory in
        _in | [!_]*) has_claim "$@" && remove "$directory" ;;
      esac
    done
    has_claim "$@" && rm -f _claim
  fi
  rm -f _releasing "_bin/release.$$"
  say 'done'
}

operation=$1
shift
if [ "$operation" = unpacked ]; then
  # Comes from what has been unpacked in $1; is version $2 of this script.
  unpacked=$1
  if ! [ -e "_bin/$2.sh" ]; then
    mkdir -p _bin && cp "$unpacked/run.sh" "_bin/new.$$" && mv "_bin/new.$$" "_bin/$2.sh" || exit 1
  fi
  operation=$3
  shift 3
fi
case $operation in
  install) rm -rf "$unpacked" && say 'done' ;;
  start) start "$@" ;;
  prepared) prepared "$@" ;;
  status) status "$@" ;;
  watch) watch "$@" ;;
  stop) stop "$@" ;;
  lease) lease "$@" ;;
  notice) notice ;;
  claim) claim "$@" ;;
  claimed) claimed ;;
  release) release "$@" ;;
  supervise) supervise "$@" ;;
  command) become "$@" ;;
  *) exit 64 ;;
esac
