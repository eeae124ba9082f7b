import Glibc

// `fuzz TARGET [option of libFuzzer ...] [folder of seeds ...]`
exit(runFuzzer())
