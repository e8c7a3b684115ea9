# Shared by ./spate and ./lab: finds a JDK, builds when needed. POSIX sh; sourced, with $home set to
# the checkout and $me to the name for messages.

jdk_min=25

fail() {
    echo "$me: $*" >&2
    exit 1
}

# The major version of the JDK in directory $1, from the file every JDK brings; nothing if it is none.
jdk_version() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] &&
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

is_new_enough() {
    version=$(jdk_version "$1")
    [ -n "$version" ] && [ "$version" -ge "$jdk_min" ]
}

# Where the java on the PATH lives, links followed; nothing if there is none.
jdk_on_path() {
    java=$(command -v java) || return 0
    while [ -L "$java" ]; do
        target=$(readlink "$java")
        case $target in
        /*) java=$target ;;
        *) java=$(dirname "$java")/$target ;;
        esac
    done
    (cd "$(dirname "$java")/.." && pwd)
}

# Sets and exports JAVA_HOME: the caller's if it will do, else the first of the usual places.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_new_enough "$JAVA_HOME"; then
        return
    fi
    for candidate in "$(jdk_on_path)" \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if is_new_enough "$candidate"; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return
        fi
    done
    fail "needs a JDK $jdk_min or newer and found none: install one (Temurin will do) or set JAVA_HOME"
}

# Whether anything that $jar is made from is newer than it.
is_stale() {
    [ ! -f "$1" ] || [ -n "$(find "$home/pom.xml" "$home/src/main" "$home/config" -newer "$1" -type f | head -n 1)" ]
}

# Maven on the JDK found, without colours and without the JDK's remarks on Maven's own libraries.
quiet_mvn() {
    MAVEN_OPTS="-Djansi.noreset=true --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
        mvn -q -B -ntp -Dstyle.color=never "$@"
}

# Builds jar $1 with the Maven arguments that follow, unless it is up to date. Without sources, as in a
# container, the jar is taken as it is.
build_if_stale() {
    jar=$1
    shift
    [ -d "$home/src/main" ] || return 0
    is_stale "$jar" || return 0
    if ! command -v mvn >/dev/null; then
        [ -f "$jar" ] || fail "needs Maven 3.8 or newer to build itself and found none on the PATH"
        echo "$me: the sources are newer than the build, but there is no Maven; running the old build" >&2
        return
    fi
    echo "$me: building (about a minute) ..." >&2
    (
        # Two of these at once would trip over each other. Where there is no flock, so be it.
        mkdir -p "$home/target"
        if command -v flock >/dev/null; then
            exec 9>"$home/target/.build-lock"
            flock 9
            is_stale "$jar" || exit 0
        fi
        cd "$home" && quiet_mvn -Dmaven.test.skip=true -Dspotless.check.skip=true "$@" 9>&- >&2 || exit 1
        touch "$jar"
    ) || fail "the build failed"
}
