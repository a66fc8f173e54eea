/* The floor under all of them: a server that does nothing but write each message to each connection, one write a delivery.
 *
 *     floor PORT
 *
 * It speaks as much WebSocket as the load needs: who connects to a path that ends in `/publish` publishes, the others subscribe.
 * A message goes out as it came in, unmasked, in one frame that is built once. Connections on a path that ends in `/echo` get back
 * what they send. One thread, epoll.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SUBSCRIBER, PUBLISHER, ECHO, ROOM = 1 << 17 };

struct connection { int socket, upgraded, kind, place; size_t size; unsigned char *bytes; };
static struct connection **subscribers;
static int count;

static void put(int socket, const void *bytes, size_t size) {
    for (const char *at = bytes; size;) {
        ssize_t taken = send(socket, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken > 0) { at += taken; size -= taken; }
        else if (errno == EAGAIN || errno == EINTR) poll(&(struct pollfd){.fd = socket, .events = POLLOUT}, 1, 1000);
        else return;
    }
}

static void forward(struct connection *from, unsigned char *payload, size_t size) {
    unsigned char *frame = payload - 4; /* where the mask was; the header before it has room too */
    if (size < 126) { frame = payload - 2; frame[1] = size; }
    else { frame[1] = 126; frame[2] = size >> 8; frame[3] = size; }
    frame[0] = 0x81;
    size += payload - frame;
    if (from->kind == ECHO) put(from->socket, frame, size);
    else for (int i = 0; i < count; i++) put(subscribers[i]->socket, frame, size);
}

static size_t take(struct connection *of, unsigned char *bytes, size_t size) {
    if (!of->upgraded) {
        static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        unsigned char *end = memmem(bytes, size, "\r\n\r\n", 4);
        if (!end) return 0;
        of->upgraded = 1;
        of->kind = memmem(bytes, size, "/publish ", 9) ? PUBLISHER : memmem(bytes, size, "/echo ", 6) ? ECHO : SUBSCRIBER;
        if (of->kind == SUBSCRIBER) {
            if (!(count & (count - 1))) subscribers = realloc(subscribers, (count ? count * 2 : 1) * sizeof *subscribers);
            subscribers[of->place = count++] = of;
        }
        put(of->socket, answer, sizeof answer - 1);
        return end + 4 - bytes;
    }
    if (size < 6) return 0;
    size_t start = 6, length = bytes[1] & 127;
    if (length == 126) { start = 8; length = bytes[2] << 8 | bytes[3]; }
    if (size < start + length) return 0;
    for (size_t i = 0; i < length; i++) bytes[start + i] ^= bytes[start - 4 + i % 4];
    if ((bytes[0] & 15) == 1) forward(of, bytes + start, length);
    return start + length;
}

static void readable(struct connection *of) {
    ssize_t got = recv(of->socket, of->bytes + of->size, ROOM - of->size, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        if (of->upgraded && of->kind == SUBSCRIBER) {
            subscribers[of->place] = subscribers[--count];
            subscribers[of->place]->place = of->place;
        }
        close(of->socket);
        free(of->bytes);
        free(of);
        return;
    }
    size_t used = 0, one;
    of->size += got;
    while (used < of->size && (one = take(of, of->bytes + used, of->size - used))) used += one;
    memmove(of->bytes, of->bytes + used, of->size -= used);
}

int main(int argc, char **argv) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), queue = epoll_create1(EPOLL_CLOEXEC);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return perror("floor"), 1;
    epoll_ctl(queue, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[256];
        int found = epoll_wait(queue, events, 256, -1);
        for (int i = 0; i < found; i++) {
            if (events[i].data.ptr) { readable(events[i].data.ptr); continue; }
            struct connection *fresh = calloc(1, sizeof *fresh);
            fresh->socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
            if (fresh->socket < 0) { free(fresh); continue; }
            fresh->bytes = malloc(ROOM);
            setsockopt(fresh->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
            epoll_ctl(queue, EPOLL_CTL_ADD, fresh->socket, &(struct epoll_event){.events = EPOLLIN, .data.ptr = fresh});
        }
    }
}
