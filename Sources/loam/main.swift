import Glibc

// A file size limit then shows as a failed write with a remedy, as a full disk does, not as the
// program's death.
_ = signal(SIGXFSZ, SIG_IGN)
_ = umask(0o077)
exit(runProgram(Array(CommandLine.arguments.dropFirst()), table: .loam))
