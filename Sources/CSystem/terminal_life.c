#define _GNU_SOURCE
#include "CSystemTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

static struct termios remembered;
static volatile sig_atomic_t terminal = -1;
static char crash_bytes[512];
static volatile size_t crash_length;
static char report[1024];
static int told = -1;
static volatile uint64_t noted;

bool galley_terminal_remember(int fd) {
    if (tcgetattr(fd, &remembered) != 0) return false;
    terminal = fd;
    return true;
}

bool galley_terminal_raw(int fd) {
    struct termios raw = remembered;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON | INLCR | IGNCR);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    // The painter goes down with a bare line feed: no translation of output.
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(fd, TCSANOW, &raw) == 0;
}

void galley_terminal_on_crash(const char *bytes, size_t length, const char *report_path) {
    if (length > sizeof crash_bytes) length = sizeof crash_bytes;
    memcpy(crash_bytes, bytes, length);
    crash_length = length;
    if (report_path && strlen(report_path) < sizeof report) strcpy(report, report_path);
}

void galley_terminal_restore(void) {
    int fd = terminal;
    if (fd < 0) return;
    terminal = -1;
    // A terminal that takes nothing must not keep the process from ending.
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0) fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    ssize_t ignored = write(fd, crash_bytes, crash_length);
    (void)ignored;
    if (flags >= 0) fcntl(fd, F_SETFL, flags);
    tcsetattr(fd, TCSANOW, &remembered);
}

void galley_terminal_forget(void) { terminal = -1; }

static void say(int fd, const char *text) {
    ssize_t ignored = write(fd, text, strlen(text));
    (void)ignored;
}

static void on_crash(int number) {
    int error = errno;
    galley_terminal_restore();
    const char *name = number == SIGSEGV   ? "SIGSEGV"
                       : number == SIGBUS  ? "SIGBUS"
                       : number == SIGILL  ? "SIGILL"
                       : number == SIGTRAP ? "SIGTRAP"
                       : number == SIGABRT ? "SIGABRT"
                                           : "SIGFPE";
    say(2, "galley: crashed with ");
    say(2, name);
    if (report[0]) {
        // The signal and nothing else: no memory, no arguments, nothing secret.
        int fd = open(report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (fd >= 0) {
            say(fd, "galley crashed with ");
            say(fd, name);
            say(fd, "\n");
            close(fd);
            say(2, "; noted in ");
            say(2, report);
        }
    }
    say(2, "\n");
    errno = error;
    // SA_RESETHAND put the default action back: the status tells the truth.
    raise(number);
}

static void on_note(int number) {
    int error = errno;
    __atomic_fetch_or(&noted, (uint64_t)1 << number, __ATOMIC_SEQ_CST);
    uint64_t one = 1;
    ssize_t ignored = write(told, &one, sizeof one);
    (void)ignored;
    errno = error;
}

int galley_terminal_signals(void) {
    if (told < 0) told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (told < 0) return -1;
    struct sigaction crash = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER};
    int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &crash, NULL);
    struct sigaction note = {.sa_handler = on_note, .sa_flags = SA_RESTART};
    int other[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct sigaction before;
        // `nohup` and background jobs had it ignored on purpose.
        if (sigaction(other[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN && other[i] != SIGWINCH) continue;
        sigaction(other[i], &note, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    // A stopped output would end a background write with SIGTTOU; leaving must not hang on it.
    signal(SIGTTOU, SIG_IGN);
    return told;
}

uint64_t galley_terminal_take_signals(void) {
    uint64_t count;
    ssize_t ignored = read(told, &count, sizeof count);
    (void)ignored;
    return __atomic_exchange_n(&noted, 0, __ATOMIC_SEQ_CST);
}

void galley_terminal_die(int number) {
    signal(number, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    _exit(128 + number);
}

void galley_terminal_stop(void) {
    struct sigaction before, standard = {.sa_handler = SIG_DFL};
    sigaction(SIGTSTP, &standard, &before);
    // The whole group, as the terminal's own Ctrl-Z would.
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
}

int galley_pseudo_terminal(int *slave) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    char name[64];
    if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, name, sizeof name) == 0) {
        *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (*slave >= 0) return master;
    }
    close(master);
    return -1;
}
