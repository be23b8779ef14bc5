#define _GNU_SOURCE
#include "CSystemTerminal.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// Everything that a signal handler reads is fixed before `hold` is set, or atomic.
static int terminal = -1;
static struct termios original;
static char leave_bytes[512];
static size_t leave_count;
static char report_path[1024];
// 0: not ours; 1: ours; 2: on the way back.
static atomic_int hold;
static atomic_bool owed;
static atomic_flag dying = ATOMIC_FLAG_INIT;

static int held_errors = -1;
static int real_errors = -1;

static int wakeup_fd = -1;
static atomic_uint pending;
static atomic_int ending;

// MARK: Giving the terminal back (async-signal-safe)

static void write_all(int fd, const char *bytes, size_t count, int patience_ms) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (written < 0 && errno == EINTR) {
            continue;
        } else if (written < 0 && errno == EAGAIN && patience_ms > 0) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            poll(&wait, 1, 50);
            patience_ms -= 50;
        } else {
            return;
        }
    }
}

// Reads away the answer that is still to come: the last byte of `ESC [ 0 n`.
static void swallow_answer(int patience_ms) {
    char bytes[256];
    while (patience_ms > 0) {
        struct pollfd wait = {.fd = terminal, .events = POLLIN};
        if (poll(&wait, 1, 50) > 0) {
            if (wait.revents & (POLLHUP | POLLERR | POLLNVAL)) return;
            ssize_t count = read(terminal, bytes, sizeof bytes);
            if (count <= 0) return;
            if (memchr(bytes, 'n', (size_t)count)) return;
        }
        patience_ms -= 50;
    }
}

void galley_terminal_restore(void) {
    int ours = 1;
    if (!atomic_compare_exchange_strong(&hold, &ours, 2)) {
        // On the way back already, and interrupted: what is left of it is the modes.
        if (ours == 2) tcsetattr(terminal, TCSANOW, &original);
        return;
    }
    // In the background the modes must go back all the same; taking the terminal again (`set_active`) minds it.
    signal(SIGTTOU, SIG_IGN);
    write_all(terminal, leave_bytes, leave_count, 300);
    if (atomic_exchange(&owed, false)) {
        swallow_answer(500);
        tcflush(terminal, TCIFLUSH);
    }
    // Not TCSADRAIN: a terminal that takes nothing must not keep the process.
    tcsetattr(terminal, TCSANOW, &original);
    atomic_store(&hold, 0);
}

int galley_terminal_guard(int fd, const struct termios *modes, const void *leave, size_t count, const char *report) {
    if (count > sizeof leave_bytes || (report && strlen(report) >= sizeof report_path)) {
        errno = E2BIG;
        return -1;
    }
    atomic_store(&hold, 0);
    terminal = fd;
    original = *modes;
    memcpy(leave_bytes, leave, count);
    leave_count = count;
    report_path[0] = 0;
    if (report) strcpy(report_path, report);
    return 0;
}

void galley_terminal_set_active(bool value) {
    // A background job that takes the terminal is stopped by this signal until it is the foreground's.
    if (value) signal(SIGTTOU, SIG_DFL);
    atomic_store(&hold, value ? 1 : 0);
}
void galley_terminal_set_owed(bool value) { atomic_store(&owed, value); }

// MARK: Standard error

void galley_errors_hold(void) {
    if (held_errors >= 0 || !isatty(2)) return;
    int memory = memfd_create("errors", MFD_CLOEXEC);
    int saved = fcntl(2, F_DUPFD_CLOEXEC, 3);
    if (memory < 0 || saved < 0 || dup2(memory, 2) < 0) {
        if (memory >= 0) close(memory);
        if (saved >= 0) close(saved);
        return;
    }
    fcntl(memory, F_SETFL, O_APPEND);
    held_errors = memory;
    real_errors = saved;
}

void galley_errors_release(void) {
    if (held_errors < 0) return;
    dup2(real_errors, 2);
    char bytes[512];
    // A program that complains without end must not flood the shell: the last 16 KiB tell enough.
    off_t end = lseek(held_errors, 0, SEEK_END);
    off_t place = end > 16384 ? end - 16384 : 0;
    ssize_t count;
    while ((count = pread(held_errors, bytes, sizeof bytes, place)) > 0) {
        place += count;
        for (ssize_t i = 0; i < count; i++) {
            unsigned char byte = (unsigned char)bytes[i];
            if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte >= 0x7f) bytes[i] = '?';
        }
        write_all(2, bytes, (size_t)count, 300);
    }
    close(held_errors);
    close(real_errors);
    held_errors = real_errors = -1;
}

// MARK: A crash

static size_t append(char *line, size_t at, const char *text) {
    while (*text && at < 200) line[at++] = *text++;
    return at;
}

static size_t append_number(char *line, size_t at, unsigned long number) {
    char digits[24];
    int count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0 && at < 200) line[at++] = digits[--count];
    return at;
}

static const char *name_of(int number) {
    switch (number) {
        case SIGSEGV: return "SIGSEGV: memory that is not there";
        case SIGBUS: return "SIGBUS: memory that cannot be reached";
        case SIGILL: return "SIGILL: a check in the program failed";
        case SIGTRAP: return "SIGTRAP: a check in the program failed";
        case SIGABRT: return "SIGABRT: the program gave up";
        case SIGFPE: return "SIGFPE: impossible arithmetic";
        default: return "a signal";
    }
}

// Signal, time, process and return addresses: no memory, no arguments, no environment, so no secrets.
static void write_report(int number) {
    if (!report_path[0]) return;
    int fd = open(report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return;
    char line[256];
    size_t at = append(line, 0, "galley crashed: ");
    at = append(line, at, name_of(number));
    at = append(line, at, "\nseconds since 1970: ");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at = append_number(line, at, (unsigned long)now.tv_sec);
    at = append(line, at, "\nprocess: ");
    at = append_number(line, at, (unsigned long)getpid());
    at = append(line, at, "\nreturn addresses:\n");
    write_all(fd, line, at, 0);
    void *frames[64];
    backtrace_symbols_fd(frames, backtrace(frames, 64), fd);
    close(fd);
}

static void crashed(int number) {
    if (atomic_flag_test_and_set(&dying)) {
        // Another thread is at it already, and will end the process.
        for (;;) pause();
    }
    // A crash in here ends the process at once.
    alarm(3);
    galley_terminal_restore();
    galley_errors_release();
    if (report_path[0]) {
        write_report(number);
        char line[1280] = "galley: crashed; what is known is in ";
        strncat(line, report_path, 1100);
        strcat(line, "\n");
        write_all(2, line, strlen(line), 100);
    }
    galley_signals_die(number);
}

// MARK: Signals

_Noreturn void galley_signals_die(int number) {
    signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(number);
    _exit(128 + number);
}

static void tell(unsigned what) {
    int error = errno;
    atomic_fetch_or(&pending, what);
    uint64_t one = 1;
    ssize_t ignored = write(wakeup_fd, &one, sizeof one);
    (void)ignored;
    errno = error;
}

static void end_now(int number) {
    if (atomic_flag_test_and_set(&dying)) {
        for (;;) pause();
    }
    galley_terminal_restore();
    galley_errors_release();
    galley_signals_die(number);
}

static void asked_to_end(int number) {
    int none = 0;
    if (!atomic_compare_exchange_strong(&ending, &none, number)) end_now(number);
    // The main loop ends in order; should it hang, SIGALRM ends it all the same.
    alarm(1);
    tell(GALLEY_SIGNAL_END);
}

static void patience_ended(int number) {
    int asked = atomic_load(&ending);
    end_now(asked ? asked : number);
}

static void resized(int number) {
    (void)number;
    tell(GALLEY_SIGNAL_RESIZED);
}

static void asked_to_stop(int number) {
    (void)number;
    tell(GALLEY_SIGNAL_STOP);
}

static void continued(int number) {
    (void)number;
    tell(GALLEY_SIGNAL_CONTINUED);
}

static int take(int number, void (*handler)(int), int flags) {
    struct sigaction before, action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) != 0) return -1;
    if (before.sa_handler == SIG_IGN && !(before.sa_flags & SA_SIGINFO)) return 0;
    return sigaction(number, &action, NULL);
}

int galley_signals_install(int wakeup) {
    wakeup_fd = wakeup;
    // Loads what backtrace needs now, because a crash may come with the heap in ruins.
    void *frame[1];
    backtrace(frame, 1);
    // A stack of its own: one that overflowed cannot carry a handler.
    static char stack[65536];
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&own, NULL);
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        if (take(crashes[i], crashed, SA_ONSTACK | SA_RESETHAND | SA_NODEFER) != 0) return -1;
    static const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (take(ends[i], asked_to_end, SA_RESTART) != 0) return -1;
    if (take(SIGALRM, patience_ended, 0) != 0) return -1;
    if (take(SIGWINCH, resized, SA_RESTART) != 0) return -1;
    if (take(SIGTSTP, asked_to_stop, SA_RESTART) != 0) return -1;
    if (take(SIGCONT, continued, SA_RESTART) != 0) return -1;
    signal(SIGPIPE, SIG_IGN);
    return 0;
}

uint32_t galley_signals_take(void) { return atomic_exchange(&pending, 0); }

int galley_signals_ending(void) { return atomic_load(&ending); }

void galley_signals_stop(void) {
    struct sigaction before;
    sigaction(SIGTSTP, NULL, &before);
    atomic_fetch_and(&pending, ~GALLEY_SIGNAL_CONTINUED);
    signal(SIGTSTP, SIG_DFL);
    // The group, because a wrapper (make, sudo) must stop with its child for the shell to notice.
    kill(0, SIGTSTP);
    // The signal may reach another thread first: wait until the process was stopped and goes on. One whose
    // session has nobody to continue it is not stopped at all.
    for (int i = 0; i < 20 && !(atomic_load(&pending) & GALLEY_SIGNAL_CONTINUED); i++) {
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
    }
    atomic_fetch_and(&pending, ~(GALLEY_SIGNAL_CONTINUED | GALLEY_SIGNAL_STOP));
    sigaction(SIGTSTP, &before, NULL);
}
