// What Linux and libxcrypt offer that Swift's Glibc module does not declare.
//
// The calls below are GNU extensions, and a shim may not define _GNU_SOURCE (the module is compiled in whatever mode the
// importer chose), so their prototypes are written out. They are part of Linux's stable ABI.
#ifndef SOCLE_CLINUX_SHIM_H
#define SOCLE_CLINUX_SHIM_H

#include <crypt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct socle_mmsghdr {
    struct msghdr msg_hdr;
    unsigned int msg_len;
};

// A descriptor that becomes readable when the process ends (glibc 2.36). Negative with errno set on failure.
extern int pidfd_open(pid_t pid, unsigned int flags);

// The new program gets no descriptor from this number on (glibc 2.34).
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

extern int recvmmsg(int fd, struct socle_mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout);
extern int sendmmsg(int fd, struct socle_mmsghdr *messages, unsigned int count, int flags);

// poll(2) with a timeout in nanoseconds, for who has to be on time to less than a millisecond.
extern int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
static inline int socle_poll_nanoseconds(struct pollfd *descriptors, nfds_t count, uint64_t nanoseconds) {
    struct timespec timeout = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
    return ppoll(descriptors, count, &timeout, 0);
}

// How late the kernel may wake this thread to wake several at once; 50 microseconds unless told.
static inline void socle_set_timer_slack(unsigned long nanoseconds) { prctl(PR_SET_TIMERSLACK, nanoseconds); }

// Names the calling thread, for those who look at the process from outside; 15 octets of it. Foundation's setter loses the
// name where the thread is faster than whoever started it.
static inline void socle_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

// Lets every signal through again. Here, because several modules claim sigset_t and Swift cannot tell which one is meant.
static inline void socle_unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
}

#endif
