/* What the harness does to a program's calls: it counts them, fails one, ends the program at one, or writes down what
 * each did to the disk. Preloaded, so that the program is the shipped one. Only files under TORTURE_UNDER are touched.
 *
 *   TORTURE_DO     count | fail | kill | record, or nothing
 *   TORTURE_AT     the number of the call, from 1
 *   TORTURE_HOW    fail: full (ENOSPC), broken (EIO) or short (half of a write); kill: half, or before it
 *   TORTURE_STAYS  fail: every later call that can fail like this does, too
 *   TORTURE_LOG    count, record: the file that is written
 *   TORTURE_CLOCK  seconds that the wall clock is put forward, or back
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 4096 };

static enum { NOTHING, COUNT, FAIL, KILL, RECORD } doing;
static enum { WHOLE, FULL, BROKEN, HALF } how;
static int stays, log_file = -1;
static long at, calls, clock_offset;
static const char *under;
static char watched[FILES];
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static int is(const char *variable, const char *word) {
    const char *value = getenv(variable);
    return value && strcmp(value, word) == 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("TORTURE_LOG"), *number = getenv("TORTURE_AT"), *clock = getenv("TORTURE_CLOCK");
    under = getenv("TORTURE_UNDER");
    at = number ? atol(number) : 0;
    clock_offset = clock ? atol(clock) : 0;
    stays = getenv("TORTURE_STAYS") != NULL;
    how = is("TORTURE_HOW", "broken") ? BROKEN : is("TORTURE_HOW", "full") ? FULL : is("TORTURE_HOW", "half") ? HALF : WHOLE;
    if (log) log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    doing = is("TORTURE_DO", "count") ? COUNT : is("TORTURE_DO", "fail") ? FAIL
        : is("TORTURE_DO", "kill") ? KILL : is("TORTURE_DO", "record") ? RECORD : NOTHING;
}

/* The whole path of one that starts at a folder. */
static const char *whole(int folder, const char *path, char place[PATH_MAX]) {
    char link[32];
    if (!path || path[0] == '/') return path;
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, place, PATH_MAX);
    if (length < 0) return path;
    snprintf(place + length, PATH_MAX - length, "/%s", path);
    return place;
}

static int is_under(const char *path) {
    return doing != NOTHING && under && path && strncmp(path, under, strlen(under)) == 0;
}

static int is_watched(int file) {
    return doing != NOTHING && file >= 0 && file < FILES && watched[file];
}

/* A call: o open, r read, w write, s sync, t truncate, n rename, u unlink, d mkdir. */
static int can_fail(char call, int creates) {
    if (how == BROKEN) return 1;
    if (how == HALF) return call == 'w';
    return call == 'w' || call == 's' || call == 'd' || (call == 'o' && creates);
}

enum { GO, PART, NO };

/* What is to be done with the next call; NO has set errno. */
static int verdict(char call, int creates) {
    int answer = GO;
    pthread_mutex_lock(&one_at_a_time);
    calls++;
    if (doing == COUNT) {
        syscall(SYS_write, log_file, &call, 1);
    } else if (doing == KILL && calls == at) {
        if (how == HALF && call == 'w') answer = PART;
        else kill(getpid(), SIGKILL);
    } else if (doing == FAIL && calls >= at && can_fail(call, creates)) {
        static int failed;
        /* Half a write, and then a disk that is full; or half a write, and the rest is welcome. */
        answer = how == HALF && !failed ? PART : failed && !stays ? GO : NO;
        errno = how == BROKEN ? EIO : ENOSPC;
        failed = 1;
    }
    pthread_mutex_unlock(&one_at_a_time);
    return answer;
}

struct entry { uint64_t call, file, number, path, data; };

/* What a call did, once it did it: its numbers, a path, and what was written or the second path. */
static void record(char call, int file, uint64_t number, const char *path, const void *data, size_t size) {
    if (doing != RECORD) return;
    struct entry entry = { call, file, number, path ? strlen(path) : 0, size };
    struct iovec parts[] = { { &entry, sizeof entry }, { (void *)path, entry.path }, { (void *)data, size } };
    pthread_mutex_lock(&one_at_a_time);
    syscall(SYS_writev, log_file, parts, 3);
    pthread_mutex_unlock(&one_at_a_time);
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char place[PATH_MAX];
    path = whole(folder, path, place);
    int ours = is_under(path);
    if (ours && verdict('o', flags & O_CREAT) == NO) return -1;
    int file = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (file >= 0 && file < FILES) watched[file] = ours;
    if (file >= 0 && ours) record('o', file, flags, path, NULL, 0);
    return file;
}

#define MODE(flags)                                             \
    mode_t mode = 0;                                            \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                      \
        va_list rest;                                           \
        va_start(rest, flags);                                  \
        mode = va_arg(rest, mode_t);                            \
        va_end(rest);                                           \
    }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode); }

int close(int file) {
    if (is_watched(file)) record('c', file, 0, NULL, NULL, 0);
    if (file >= 0 && file < FILES) watched[file] = 0;
    return syscall(SYS_close, file);
}

static ssize_t written(int file, const void *data, size_t size, off_t place) {
    int answer = verdict('w', 0);
    if (answer == NO) return -1;
    size_t part = answer == PART && size > 1 ? size / 2 : size;
    ssize_t done = syscall(SYS_pwrite64, file, data, part, place);
    if (answer == PART && doing == KILL) kill(getpid(), SIGKILL);
    if (done > 0) record('w', file, place, NULL, data, done);
    return done;
}

ssize_t pwrite(int file, const void *data, size_t size, off_t place) {
    return is_watched(file) ? written(file, data, size, place) : syscall(SYS_pwrite64, file, data, size, place);
}
ssize_t pwrite64(int file, const void *data, size_t size, off_t place) { return pwrite(file, data, size, place); }

ssize_t write(int file, const void *data, size_t size) {
    if (file == 1) record('a', file, 0, NULL, data, size); /* acknowledged, before anybody can read it */
    if (!is_watched(file)) return syscall(SYS_write, file, data, size);
    int appends = syscall(SYS_fcntl, file, F_GETFL) & O_APPEND;
    off_t place = lseek(file, 0, appends ? SEEK_END : SEEK_CUR);
    ssize_t done = written(file, data, size, place);
    if (done > 0) lseek(file, place + done, SEEK_SET);
    return done;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    ssize_t all = 0;
    if (!is_watched(file) && file != 1) return syscall(SYS_writev, file, parts, count);
    for (int nth = 0; nth < count; nth++) {
        ssize_t done = write(file, parts[nth].iov_base, parts[nth].iov_len);
        if (done < 0) return all ? all : done;
        all += done;
        if ((size_t)done < parts[nth].iov_len) break;
    }
    return all;
}

ssize_t pread(int file, void *data, size_t size, off_t place) {
    if (is_watched(file) && how == BROKEN && verdict('r', 0) == NO) return -1;
    return syscall(SYS_pread64, file, data, size, place);
}
ssize_t pread64(int file, void *data, size_t size, off_t place) { return pread(file, data, size, place); }

ssize_t read(int file, void *data, size_t size) {
    if (is_watched(file) && how == BROKEN && verdict('r', 0) == NO) return -1;
    return syscall(SYS_read, file, data, size);
}

static int synced(int file, long call) {
    if (is_watched(file) && verdict('s', 0) == NO) return -1;
    int done = syscall(call, file);
    if (done == 0 && is_watched(file)) record('s', file, 0, NULL, NULL, 0);
    return done;
}

int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }

int ftruncate(int file, off_t size) {
    if (is_watched(file) && verdict('t', 0) == NO) return -1;
    int done = syscall(SYS_ftruncate, file, size);
    if (done == 0 && is_watched(file)) record('t', file, size, NULL, NULL, 0);
    return done;
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    char from_place[PATH_MAX], to_place[PATH_MAX];
    from = whole(from_folder, from, from_place), to = whole(to_folder, to, to_place);
    int ours = is_under(to);
    if (ours && verdict('n', 0) == NO) return -1;
    int done = syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    if (done == 0 && ours) record('n', -1, 0, from, to, strlen(to));
    return done;
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

static int removed(int folder, const char *path, int flags) {
    char place[PATH_MAX];
    path = whole(folder, path, place);
    int ours = is_under(path);
    if (ours && verdict('u', 0) == NO) return -1;
    int done = syscall(SYS_unlinkat, AT_FDCWD, path, flags);
    if (done == 0 && ours) record('u', -1, 0, path, NULL, 0);
    return done;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }

int mkdir(const char *path, mode_t mode) {
    char place[PATH_MAX];
    path = whole(AT_FDCWD, path, place);
    int ours = is_under(path);
    if (ours && verdict('d', 0) == NO) return -1;
    int done = syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (done == 0 && ours) record('d', -1, 0, path, NULL, 0);
    return done;
}

/* Copies within the kernel would pass unseen: whoever asks for one is sent to read and write. */
ssize_t copy_file_range(int from, off64_t *from_place, int to, off64_t *to_place, size_t size, unsigned flags) {
    (void)from, (void)from_place, (void)to, (void)to_place, (void)size, (void)flags;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int to, int from, off64_t *place, size_t size) {
    (void)to, (void)from, (void)place, (void)size;
    errno = ENOSYS;
    return -1;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int done = syscall(SYS_clock_gettime, clock, now);
    if (done == 0 && clock == CLOCK_REALTIME) now->tv_sec += clock_offset;
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec time;
    int done = clock_gettime(CLOCK_REALTIME, &time);
    *now = (struct timeval){ time.tv_sec, time.tv_nsec / 1000 };
    return done;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}
