#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int galley_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int galley_epoll_arm(int epoll, int fd, uint32_t interest) {
    struct epoll_event event = {.events = EPOLLONESHOT, .data.fd = fd};
    if (interest & GALLEY_READ) event.events |= EPOLLIN | EPOLLRDHUP;
    if (interest & GALLEY_WRITE) event.events |= EPOLLOUT;
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
    if (errno != ENOENT) return -1;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int galley_epoll_forget(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }

int galley_epoll_wait(int epoll, struct galley_event *events, int capacity, int timeout_ms) {
    struct epoll_event raw[64];
    if (capacity > 64) capacity = 64;
    int count = epoll_wait(epoll, raw, capacity, timeout_ms);
    for (int i = 0; i < count; i++) {
        uint32_t interest = 0;
        if (raw[i].events & (EPOLLIN | EPOLLRDHUP)) interest |= GALLEY_READ;
        if (raw[i].events & EPOLLOUT) interest |= GALLEY_WRITE;
        if (raw[i].events & (EPOLLERR | EPOLLHUP)) interest |= GALLEY_READ | GALLEY_WRITE;
        events[i].fd = raw[i].data.fd;
        events[i].interest = interest;
    }
    return count;
}

int galley_eventfd_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void galley_eventfd_signal(int fd) {
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {}
}

void galley_eventfd_drain(int fd) {
    uint64_t count;
    while (read(fd, &count, sizeof count) < 0 && errno == EINTR) {}
}

uint64_t galley_monotonic_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int64_t galley_wall_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int galley_errno(void) { return errno; }

void galley_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

static void child_fail(int report) {
    int error = errno;
    ssize_t ignored = write(report, &error, sizeof error);
    (void)ignored;
    _exit(127);
}

// Only async-signal-safe calls from here to exec: other threads may have held locks at the fork.
static void child_run(const struct galley_spawn *r, int report, pid_t parent) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int s = 1; s < NSIG; s++) sigaction(s, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (r->new_session && setsid() < 0) child_fail(report);
    int null = open("/dev/null", O_RDWR);
    // Moved above 2 first, so that one dup2 cannot overwrite the source of the next.
    int in = fcntl(r->input >= 0 ? r->input : null, F_DUPFD_CLOEXEC, 3);
    int out = fcntl(r->output >= 0 ? r->output : null, F_DUPFD_CLOEXEC, 3);
    int err = fcntl(r->errors >= 0 ? r->errors : null, F_DUPFD_CLOEXEC, 3);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) child_fail(report);
    if (r->user != (uid_t)-1) {
        if (setgroups(0, NULL) < 0 || setresgid(r->group, r->group, r->group) < 0 ||
            setresuid(r->user, r->user, r->user) < 0)
            child_fail(report);
    }
    // After the change of user: that change clears the setting.
    if (r->death_signal != 0) {
        prctl(PR_SET_PDEATHSIG, r->death_signal);
        if (getppid() != parent) _exit(126);
    }
    if (r->folder && chdir(r->folder) < 0) child_fail(report);
    int keep = report;
    if (keep != 3) {
        if (dup2(keep, 3) < 0) child_fail(report);
        fcntl(3, F_SETFD, FD_CLOEXEC);
        keep = 3;
    }
    syscall(SYS_close_range, 4u, ~0u, 0u);
    execve(r->path, r->arguments, r->environment);
    child_fail(keep);
}

pid_t galley_spawn(const struct galley_spawn *request) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -1;
    sigset_t all, before;
    sigfillset(&all);
    // No handler of ours may run in the child between fork and the reset of the handlers.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) child_run(request, report[1], parent);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid > 0) {
        int failure = 0;
        ssize_t count;
        while ((count = read(report[0], &failure, sizeof failure)) < 0 && errno == EINTR) {}
        if (count == (ssize_t)sizeof failure) {
            waitpid(pid, NULL, 0);
            pid = -1;
            error = failure;
        }
    }
    close(report[0]);
    errno = error;
    return pid;
}

int galley_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

bool galley_wait(pid_t pid, int *exit_code, int *signal_number) {
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(pid, &status, WNOHANG)) < 0 && errno == EINTR) {}
    if (ended != pid) return false;
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return true;
}

void galley_become_subreaper(void) { prctl(PR_SET_CHILD_SUBREAPER, 1); }

static volatile sig_atomic_t signal_eventfd = -1;

static void signal_told(int signal_number) {
    (void)signal_number;
    int error = errno;
    if (signal_eventfd >= 0) galley_eventfd_signal(signal_eventfd);
    errno = error;
}

void galley_signal_to_eventfd(int signal_number, int fd) {
    signal_eventfd = fd;
    struct sigaction action = {.sa_handler = signal_told, .sa_flags = SA_RESTART};
    sigaction(signal_number, &action, NULL);
}

void galley_set_death_signal(int signal_number) { prctl(PR_SET_PDEATHSIG, signal_number); }

int galley_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int galley_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int galley_random(void *bytes, size_t count) {
    // Requests of up to 256 bytes are answered whole.
    ssize_t got;
    while ((got = getrandom(bytes, count, 0)) < 0 && errno == EINTR) {}
    return got == (ssize_t)count ? 0 : -1;
}

uid_t galley_peer_user(int socket) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return (uid_t)-1;
    return peer.uid;
}
