/* The load of the benchmarks: many subscribers and one publisher in one thread, cheap enough not to be what is measured.
 *
 *     load FRAMING HOST PORT COUNT HANDSHAKE PUBLISHER AT_ONCE
 *
 * FRAMING is websocket, nats or mqtt: how the frames that come in are told apart. HANDSHAKE and PUBLISHER are files of steps:
 * what a connection sends, and what has to be in the frame that it gets for it. PUBLISHER may also be fd:NUMBER, a connection that
 * somebody else has made ready. `@@@@` in what is sent becomes the number of the connection. AT_ONCE connections at most are on their way at a time.
 *
 * Every event carries `#` and its number in eight digits and `#`. Each connection must get them in order, each once; what differs
 * is counted as wrong. Says `ready` when all are connected, then takes commands, a line each, and answers each with a line of JSON:
 *
 *     publish FILE IN_FLIGHT     publish what is in FILE; so many at a time have not reached their last subscriber yet
 *     call FILE CALLERS          so many connections call, each one call at a time, until FILE has been sent
 *
 * Times are in seconds of CLOCK_MONOTONIC. Ends at the end of its input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WEBSOCKET, NATS, MQTT, DRAIN };
enum { LOOK = 400, SPACE = 1 << 20, PATIENCE = 60 };

struct record { char *bytes; size_t size; char *expected; size_t expected_size; };
struct script { struct record *records; size_t count; };
struct connection {
    int socket, framing, upgraded, number, ready;
    size_t step;              /* the step of the handshake whose answer is awaited */
    long next;                /* the event that has to come next */
    long asked;               /* the call that waits for its answer, or -1 */
    char *left; size_t left_size, left_room;
    struct script *script;
};

static struct connection *connections;
static int queue, count, ready_count, framing;
static long wrong, total, sent, done, in_flight;
static double *sent_at, *last_at, *took;
static int *reached;
static struct script work;
static int calling;
static char space[SPACE + 65536];

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void fail(const char *what, const char *detail, size_t size) {
    fprintf(stderr, "load: %s: %.*s\n", what, (int)(size > 300 ? 300 : size), detail);
    exit(1);
}

static uint32_t number_at(const char *at) {
    uint32_t value;
    memcpy(&value, at, 4);
    return ntohl(value);
}

/* A file of records: two sizes in network order, what is sent, what is expected. */
static struct script read_script(const char *path) {
    struct script script = {0};
    FILE *file = fopen(path, "rb");
    char sizes[8];
    if (!file) fail("no such file", path, strlen(path));
    while (fread(sizes, 8, 1, file) == 1) {
        struct record record = {.size = number_at(sizes), .expected_size = number_at(sizes + 4)};
        record.bytes = malloc(record.size + record.expected_size + 1);
        record.expected = record.bytes + record.size;
        if (record.size + record.expected_size && fread(record.bytes, record.size + record.expected_size, 1, file) != 1)
            fail("cut off", path, strlen(path));
        if (!(script.count & (script.count - 1)))
            script.records = realloc(script.records, (script.count ? script.count * 2 : 1) * sizeof record);
        script.records[script.count++] = record;
    }
    fclose(file);
    return script;
}

static void put(struct connection *to, const char *bytes, size_t size) {
    char *own = NULL, *mark = memmem(bytes, size, "@@@@", 4);
    if (mark) {
        char digits[8];
        own = memcpy(malloc(size), bytes, size);
        snprintf(digits, sizeof digits, "%04d", to->number % 10000);
        for (mark = own; (mark = memmem(mark, own + size - mark, "@@@@", 4));) memcpy(mark, digits, 4);
        bytes = own;
    }
    for (size_t at = 0; at < size;) {
        ssize_t taken = send(to->socket, bytes + at, size - at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken > 0) { at += taken; continue; }
        if (errno != EAGAIN && errno != EINTR) fail("a connection broke", strerror(errno), 99);
        poll(&(struct pollfd){.fd = to->socket, .events = POLLOUT}, 1, 1000);
    }
    free(own);
}

static void put_frame(struct connection *to, int kind, const char *bytes, size_t size) {
    char frame[140] = {(char)(0x80 | kind), (char)(0x80 | size)};
    if (size > 125) size = 125;
    memcpy(frame + 6, bytes, size);
    put(to, frame, size + 6);
}

/* The next step of the handshake. Steps that expect nothing are only sent. */
static void next_step(struct connection *of) {
    while (of->step < of->script->count) {
        struct record *record = &of->script->records[of->step];
        if (record->size) put(of, record->bytes, record->size);
        if (record->expected_size) return;
        of->step++;
    }
    of->ready = 1;
    ready_count++;
}

static void publish_more(struct connection *publisher) {
    while (sent < total && sent - done < in_flight) {
        sent_at[sent] = now();
        put(publisher, work.records[sent].bytes, work.records[sent].size);
        sent++;
    }
}

static void call_next(struct connection *caller) {
    caller->asked = sent < total ? sent : -1;
    if (caller->asked < 0) return;
    sent_at[sent] = now();
    put(caller, work.records[sent].bytes, work.records[sent].size);
    sent++;
}

static void take_event(struct connection *of, const char *frame, size_t size, double at) {
    const char *mark = memchr(frame, '#', size < LOOK ? size : LOOK);
    if (!mark || frame + size - mark < 10 || mark[9] != '#') {
        wrong++;
        fprintf(stderr, "load: not an event: %.*s\n", (int)(size > 200 ? 200 : size), frame);
        return;
    }
    long event = strtol(mark + 1, NULL, 10);
    if (calling) {
        if (event != of->asked) { wrong++; return; }
        last_at[event] = at;
        took[event] = at - sent_at[event];
        done++;
        call_next(of);
        return;
    }
    if (event != of->next || event >= total) { wrong++; return; }
    of->next++;
    last_at[event] = at;
    if (++reached[event] == count) { took[event] = at - sent_at[event]; done++; }
}

/* A request by NATS is answered by who subscribes to it: `MSG subject number reply size`. */
static void answer(struct connection *of, const char *frame, size_t size) {
    char reply[64], head[128];
    long length;
    const char *body = memmem(frame, size, "\r\n", 2);
    if (sscanf(frame, "MSG %*s %*s %63s %ld", reply, &length) != 2 || length < 0) return;
    put(of, head, snprintf(head, sizeof head, "PUB %s %ld", reply, length));
    put(of, body, frame + size - body);
}

/* What a frame means. The publisher's are not counted: events are where they are subscribed to. */
static void take(struct connection *of, const char *frame, size_t size, double at) {
    if (of->ready) {
        if (of->script != connections[count].script) take_event(of, frame, size, at);
        else if (of->framing == NATS) answer(of, frame, size);
        return;
    }
    struct record *record = &of->script->records[of->step];
    if (!memmem(frame, size, record->expected, record->expected_size)) fail("an unexpected answer", frame, size);
    of->step++;
    next_step(of);
}

/* Take one frame from the bytes; how many it had, or 0 when more have to come. */
static size_t one_frame(struct connection *of, const char *bytes, size_t size, double at) {
    const unsigned char *raw = (const unsigned char *)bytes;
    if (of->framing == DRAIN) return size;
    if (of->framing == WEBSOCKET && !of->upgraded) {
        const char *end = memmem(bytes, size, "\r\n\r\n", 4);
        if (!end) return 0;
        of->upgraded = 1;
        take(of, bytes, end + 4 - bytes, at);
        return end + 4 - bytes;
    }
    if (of->framing == WEBSOCKET) {
        if (size < 2) return 0;
        size_t start = 2, length = raw[1] & 127;
        if (length == 126) { if (size < 4) return 0; start = 4; length = raw[2] << 8 | raw[3]; }
        else if (length == 127) { if (size < 10) return 0; start = 10; length = number_at(bytes + 6); }
        if (size < start + length) return 0;
        int kind = raw[0] & 15;
        if (kind == 9) put_frame(of, 10, bytes + start, length);
        else if (kind == 8) fail("the server closed", bytes + start, length);
        else if (kind == 1 && length == 1 && bytes[start] == '2') put_frame(of, 1, "3", 1); /* Engine.IO asks so */
        else if (kind == 1 || kind == 2) take(of, bytes + start, length, at);
        return start + length;
    }
    if (of->framing == MQTT) {
        size_t length = 0, start = 1;
        for (int shift = 0;; shift += 7, start++) {
            if (start >= size) return 0;
            length |= (size_t)(raw[start] & 127) << shift;
            if (raw[start] < 128) break;
        }
        if (size < ++start + length) return 0;
        take(of, bytes, start + length, at);
        return start + length;
    }
    const char *end = memmem(bytes, size, "\r\n", 2);
    if (!end) return 0;
    size_t line = end + 2 - bytes;
    if (!memcmp(bytes, "MSG ", 4)) {
        const char *digits = end;
        while (digits[-1] >= '0' && digits[-1] <= '9') digits--;
        size_t all = line + strtoul(digits, NULL, 10) + 2;
        if (size < all) return 0;
        take(of, bytes, all, at);
        return all;
    }
    if (!memcmp(bytes, "PING", 4)) put(of, "PONG\r\n", 6);
    else if (!memcmp(bytes, "-ERR", 4)) fail("the server refused", bytes, line);
    else if (!of->ready) take(of, bytes, line, at);
    return line;
}

static void readable(struct connection *of) {
    memcpy(space, of->left, of->left_size);
    ssize_t got = recv(of->socket, space + of->left_size, SPACE - of->left_size, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) fail("the server closed a connection", got ? strerror(errno) : "", got ? 99 : 0);
    double at = now();
    size_t size = of->left_size + got, used = 0, one;
    while (used < size && (one = one_frame(of, space + used, size - used, at))) used += one;
    of->left_size = size - used;
    if (of->left_size >= SPACE) fail("a frame is too large", "", 0);
    if (of->left_size > of->left_room) of->left = realloc(of->left, of->left_room = of->left_size * 2);
    if (of->left_size) memcpy(of->left, space + used, of->left_size);
}

static int turn(void) {
    struct epoll_event events[512];
    int found = epoll_wait(queue, events, 512, 1000);
    for (int i = 0; i < found; i++) readable(events[i].data.ptr);
    return found > 0;
}

static void watch(struct connection *of) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = of};
    setsockopt(of->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    epoll_ctl(queue, EPOLL_CTL_ADD, of->socket, &event);
}

static void open_connection(struct connection *of, struct sockaddr_in *address, struct script *script) {
    of->framing = framing;
    of->script = script;
    of->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (of->socket < 0) fail("no socket", strerror(errno), 99);
    if (connect(of->socket, (struct sockaddr *)address, sizeof *address)) fail("cannot connect", strerror(errno), 99);
    watch(of);
    next_step(of);
}

/* Until all is done, something is wrong, or nothing has come for a while. */
static void measure(struct connection *publisher, long width) {
    struct rusage before, after;
    wrong = sent = done = 0;
    total = work.count;
    in_flight = width;
    sent_at = calloc(total, sizeof *sent_at);
    last_at = calloc(total, sizeof *last_at);
    took = calloc(total, sizeof *took);
    reached = calloc(total, sizeof *reached);
    for (int i = 0; i < count; i++) connections[i].next = 0, connections[i].asked = -1;
    getrusage(RUSAGE_SELF, &before);
    if (calling) for (int i = 0; i < width && i < count; i++) call_next(&connections[i]);
    double last_turn = now();
    while (done < total && !wrong && now() - last_turn < PATIENCE) {
        if (!calling) publish_more(publisher);
        if (done < total && turn()) last_turn = now();
    }
    getrusage(RUSAGE_SELF, &after);
    double end = 0, missing = 0;
    for (long i = 0; i < total; i++) {
        if (last_at[i] > end) end = last_at[i];
        missing += calling ? 0 : count - reached[i];
    }
    if (calling) missing = total - done;
#define SECONDS(of) (of.ru_utime.tv_sec + of.ru_stime.tv_sec + (of.ru_utime.tv_usec + of.ru_stime.tv_usec) / 1e6)
    printf("{\"events\": %ld, \"missing\": %.0f, \"wrong\": %ld, \"seconds\": %.6f, \"load_cpu\": %.6f, \"took\": [", total, missing,
           wrong, end - sent_at[0], SECONDS(after) - SECONDS(before));
    for (long i = 0; i < total; i++) printf("%s%.6f", i ? ", " : "", took[i]);
    printf("]}\n");
    fflush(stdout);
    free(sent_at), free(last_at), free(took), free(reached);
    for (size_t i = 0; i < work.count; i++) free(work.records[i].bytes);
    free(work.records);
}

int main(int argc, char **argv) {
    if (argc != 8) fail("usage: load FRAMING HOST PORT COUNT HANDSHAKE PUBLISHER AT_ONCE", "", 0);
    int at_once = atoi(argv[7]);
    framing = !strcmp(argv[1], "websocket") ? WEBSOCKET : !strcmp(argv[1], "nats") ? NATS : MQTT;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[3]))};
    inet_pton(AF_INET, argv[2], &address.sin_addr);
    count = atoi(argv[4]);
    struct script subscriber = read_script(argv[5]), publishing = {0};
    connections = calloc(count + 1, sizeof *connections);
    queue = epoll_create1(EPOLL_CLOEXEC);
    struct connection *publisher = &connections[count];
    publisher->script = &publishing;
    double began = now();
    for (int opened = 0; opened < count || ready_count < count;) {
        if (now() - began > 5 * PATIENCE) fail("connecting took too long", "", 0);
        if (opened < count && opened - ready_count < at_once) {
            connections[opened].number = opened;
            open_connection(&connections[opened++], &address, &subscriber);
        } else turn();
    }
    double connected = now() - began;
    if (!strncmp(argv[6], "fd:", 3)) {
        publisher->socket = atoi(argv[6] + 3);
        publisher->framing = DRAIN;
        publisher->ready = 1;
        watch(publisher);
    } else {
        publishing = read_script(argv[6]);
        publisher->number = count;
        open_connection(publisher, &address, &publishing);
        while (!publisher->ready) turn();
    }
    printf("{\"ready\": %d, \"seconds\": %.6f}\n", count, connected);
    fflush(stdout);
    /* Between commands the server's pings are still answered. */
    struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
    int both = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(both, EPOLL_CTL_ADD, 0, &input);
    epoll_ctl(both, EPOLL_CTL_ADD, queue, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &queue});
    for (;;) {
        char line[4200], path[4096], verb[16];
        long width;
        struct epoll_event event;
        if (epoll_wait(both, &event, 1, -1) < 1) continue;
        if (event.data.ptr) { turn(); continue; }
        size_t size = 0;
        while (size < sizeof line - 1 && read(0, line + size, 1) == 1 && line[size] != '\n') size++;
        if (!size) return 0;
        line[size] = 0;
        if (sscanf(line, "%15s %4095s %ld", verb, path, &width) != 3) fail("not a command", line, size);
        work = read_script(path);
        calling = !strcmp(verb, "call");
        measure(publisher, width);
    }
}
