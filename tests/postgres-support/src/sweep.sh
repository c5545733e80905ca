# sweep DIRECTORY SIGNAL claim|remove|keep
# claim: makes DIRECTORY and prints how much room it has. Then, in each case, waits for the end of standard input and
# ends all processes that work in DIRECTORY. Unless it is to be kept, DIRECTORY is removed.
trap '' HUP INT
exec 2>/dev/null
if [ "$3" = claim ]; then
    mkdir -m 0700 "$1" || exit 1
    df -Pk "$1"
    exec >/dev/null
fi
while read -r _; do :; done

round=0
while
    working=$(find /proc/[0-9]*/cwd -maxdepth 0 \( -lname "$1" -o -lname "$1/*" \) -printf '%p %l\n')
    [ -n "$working" ]
do
    if [ "$round" -lt 300 ]; then
        signal=$2
        # What `initdb` has started ends with it, and would leave shared memory behind if it were made to.
        working=$(echo "$working" | grep -v '/pristine$')
    else
        signal=KILL
    fi
    pids=$(echo "$working" | cut -d/ -f3)
    # Processes that stand still cannot tell their clients that another one was killed.
    [ "$signal" != KILL ] || kill -s STOP $pids
    kill -s "$signal" $pids
    round=$((round + 1))
    sleep 0.01
done

[ "$3" != keep ] || exit 0
# A server that was killed has left its System V memory behind, and its pid file, which names it in line 7.
find "$1" -maxdepth 3 -name postmaster.pid | while read -r file; do
    ipcrm -m "$(sed -n 7p "$file" | awk '{ print $2 }')"
done
rm -rf "$1"
