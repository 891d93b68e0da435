// A seccomp filter (seccomp(2)) that is laid before bubblewrap runs, so it leaves what bubblewrap itself needs.
#include "CSandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "This architecture has no filter yet"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(code) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))
// Two instructions each: the answer follows, and is jumped over when the value is another.
#define REFUSE(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ANSWER(ENOSYS)
#define ALLOW_FAMILY(family) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, family, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

int vibe_filter_system_calls(void) {
    struct sock_filter program[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
        ANSWER(ENOSYS),
        LOAD(nr),
#if defined(__x86_64__)
        // The x32 table: the same calls under other numbers.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        ANSWER(ENOSYS),
#endif
        REFUSE(io_uring_setup), REFUSE(io_uring_enter), REFUSE(io_uring_register),
        REFUSE(bpf), REFUSE(perf_event_open), REFUSE(userfaultfd),
        REFUSE(keyctl), REFUSE(add_key), REFUSE(request_key),
        REFUSE(ptrace), REFUSE(process_vm_readv), REFUSE(process_vm_writev), REFUSE(pidfd_getfd),
        REFUSE(open_by_handle_at), REFUSE(name_to_handle_at), REFUSE(fanotify_init),
        REFUSE(kexec_load), REFUSE(kexec_file_load), REFUSE(init_module), REFUSE(finit_module), REFUSE(delete_module),
        REFUSE(acct), REFUSE(quotactl), REFUSE(swapon), REFUSE(swapoff), REFUSE(reboot), REFUSE(syslog),
        REFUSE(settimeofday), REFUSE(clock_settime), REFUSE(vhangup),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        // The lower half of the first argument; the kernel takes an int.
        LOAD(args[0]),
        ALLOW_FAMILY(AF_UNIX), ALLOW_FAMILY(AF_INET), ALLOW_FAMILY(AF_INET6), ALLOW_FAMILY(AF_NETLINK),
        ANSWER(EAFNOSUPPORT),
    };
    struct sock_fprog filter = {sizeof program / sizeof program[0], program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}
