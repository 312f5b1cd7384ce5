/** Numbers of one system call: on x64 and on arm64, where it exists there. */
export type SyscallNumbers = readonly [x64: number, arm64: number | undefined];

/**
 * What no script engine needs of the kernel, refused with EPERM.
 *
 * `execve` is not here: bubblewrap loads the filter right before it starts the program with it. In a root that holds one program it starts nothing new, and
 * the filter stays. `kill` is not here either: a process namespace leaves nobody else to send a signal to.
 *
 * @see Linux `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` for the numbers.
 */
export const DENIED_SYSCALLS: Readonly<Record<string, SyscallNumbers>> = {
  // The network. Vsock does not care about network namespaces, so sockets are refused as such.
  socket: [41, 198],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  sendmsg: [46, 211],
  sendmmsg: [307, 269],
  recvmmsg: [299, 243],

  // Other processes
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  kcmp: [312, 272],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  execveat: [322, 281],

  // Namespaces and mounts
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  pivot_root: [155, 41],
  chroot: [161, 51],
  statmount: [457, 457],
  listmount: [458, 458],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],

  // The kernel itself
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  syslog: [103, 116],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  lookup_dcookie: [212, 18],
  personality: [135, 92],
  modify_ldt: [154, undefined],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  seccomp: [317, 277],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  cachestat: [451, 451],
  vmsplice: [278, 75],

  // Keys
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],

  // Clock and names of the machine
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],

  // Memory that the limit on private memory does not count, or that can be run
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  shmdt: [67, 197],

  // Where memory lies
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  get_mempolicy: [239, 236],
  set_mempolicy_home_node: [450, 450],
  migrate_pages: [256, 238],
  move_pages: [279, 239],

  // Queues and semaphores that outlive a process
  msgget: [68, 186],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  msgctl: [71, 187],
  semget: [64, 190],
  semop: [65, 193],
  semctl: [66, 191],
  semtimedop: [220, 192],
  mq_open: [240, 180],
  mq_unlink: [241, 181],
  mq_timedsend: [242, 182],
  mq_timedreceive: [243, 183],
  mq_notify: [244, 184],
  mq_getsetattr: [245, 185],
};

/** What a program that starts threads but never a process does not need either. */
export const PROCESS_SYSCALLS: Readonly<Record<string, SyscallNumbers>> = {
  fork: [57, undefined],
  vfork: [58, undefined],
  socketpair: [53, 199],
};
