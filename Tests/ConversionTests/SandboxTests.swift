import Conversion
import Glibc
import Grounding
import TestSupport
import Testing

extension AllSuites {
  @Suite("Sandbox", .enabled(if: Sandbox.isAvailable))
  struct SandboxTests {
    @Test("a program reads its input, prints, and writes files into its folder")
    func ends() throws {
      let output = try run(
        """
        my ($in, $out) = @ARGV; open my $f, '<', $in or die; print <$f>;
        mkdir "$out/b" or die; for ("b/2", "a", "b/1") { open my $g, '>', "$out/$_" or die; print $g $_ }
        """)
      #expect(output.printed == Array("its input\n".utf8))
      #expect(output.files.map { String(decoding: $0.path, as: UTF8.self) } == ["a", "b/1", "b/2"])
      #expect(output.files.allSatisfy { $0.path == $0.octets })
    }

    @Test("a file is read where it lies, and nothing beside it is")
    func inPlace() throws {
      try withTemporaryFolder { folder in
        try write("inside", to: "\(folder)/a")
        try write("beside", to: "\(folder)/b")
        let script = """
          open my $f, '<', $ARGV[0] or die; print <$f>; close $f;
          open($f, '<', "\(folder)/b") and print <$f>; opendir(my $d, "\(folder)") and print readdir $d;
          """
        let output = try Sandbox().run(program(script), on: .file(Array("\(folder)/a".utf8)))
        #expect(output.printed == Array("inside".utf8))
      }
    }

    @Test(
      "a program that crashes, or asks for what is forbidden, is converter_failed",
      arguments: [
        ("die", "exit status"), ("exit 3", "exit status 3"), ("kill 11, $$; sleep 5", "signal 11"),
        ("use POSIX; POSIX::abort()", "signal 6"),
        // Sockets of the internet, the next internet, the kernel's own.
        ("socket(my $s, 2, 1, 0); print 'on'", "forbids"),
        ("socket(my $s, 10, 2, 0); print 'on'", "forbids"),
        ("socket(my $s, 16, 3, 0); print 'on'", "forbids"),
      ])
    func crashes(_ script: String, _ detail: String) {
      let problem = failure(script)
      #expect(problem?.code == .converterFailed)
      #expect(problem?.detail.contains(detail) == true, "\(problem?.detail ?? "none")")
    }

    @Test(
      "a program is stopped at each limit: converter_limit",
      arguments: [
        ("sleep 60", SandboxLimits.with { $0.seconds = 1 }, "longer than 1 seconds"),
        (
          "$SIG{TERM} = $SIG{INT} = $SIG{XCPU} = 'IGNORE'; 1 while 1",
          .with { $0.processorSeconds = 1 }, "processor time"
        ),
        ("close STDOUT; close STDERR; sleep 60", .with { $0.seconds = 1 }, "longer than"),
        ("print 'x' x 65536 while 1", .with { $0.outputOctets = 1 << 20 }, "printed more than"),
        ("print STDERR 'x' x 65536 while 1", .with { $0.seconds = 1 }, "longer than"),
        (
          "chdir $ARGV[1]; open my $f, '>', 'a'; syswrite $f, 'x' x 65536 while 1",
          .with { $0.outputOctets = 1 << 20 }, "too large a file"
        ),
        (
          "for my $n (1 .. 1e6) { open my $f, '>', \"$ARGV[1]/$n\"; syswrite $f, 'x' x 65536 }",
          .with { $0.outputOctets = 1 << 20 }, "wrote more than"
        ),
        (
          "for my $n (1 .. 200) { open my $f, '>', \"$ARGV[1]/$n\" or die }",
          .with { $0.files = 100 }, "more than 100 files"
        ),
        ("for my $n (1 .. 4) { mkdir 'a'; chdir 'a' }", .with { $0.folderDepth = 3 }, "too deep"),
      ])
    func limits(_ script: String, _ limits: SandboxLimits, _ detail: String) throws {
      let start = ContinuousClock.now
      try withTemporaryFolder { folder in
        let problem = failure(script, limits, in: folder)
        #expect(problem?.code == .converterLimit)
        #expect(problem?.detail.contains(detail) == true, "\(problem?.detail ?? "none")")
        let left = try names(in: folder)
        #expect(left.isEmpty)
      }
      #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("at its limits, and below, a program is left alone")
    func belowLimits() throws {
      let script = """
        my $d = $ARGV[1]; for my $n (1 .. 3) { $d .= '/a'; mkdir $d or die }
        for my $n (1 .. 7) { open my $f, '>', "$d/$n" or die; print $f 'x' x 8192 }
        print 'x' x 8192
        """
      let limits = SandboxLimits.with {
        $0.files = 10
        $0.folderDepth = 3
        $0.outputOctets = 65_536
      }
      let output = try run(script, limits)
      #expect(output.files.count == 7 && output.printed.count == 8_192)
      var lower = limits
      lower.files = 9
      #expect(failure(script, lower)?.code == .converterLimit)
      lower = limits
      lower.folderDepth = 2
      #expect(failure(script, lower)?.code == .converterLimit)
      lower = limits
      lower.outputOctets = 65_535
      #expect(failure(script, lower)?.code == .converterLimit)
    }

    @Test("memory beyond the limit is not given: the program fails")
    func memory() {
      let limits = SandboxLimits.with { $0.memoryOctets = 256 << 20 }
      #expect(failure("my @a; push @a, 'x' x 1048576 for 1 .. 64; print scalar @a", limits) == nil)
      #expect(failure("my @a; push @a, 'x' x 1048576 while 1", limits)?.code == .converterFailed)
    }

    @Test("descriptors beyond the limit are not given")
    func descriptors() throws {
      let output = try run(
        "my @f; for (1 .. 500) { open my $f, '<', $ARGV[0] or last; push @f, $f } print scalar @f",
        .with { $0.openFiles = 16 })
      // Three are the standard ones, one is the script's.
      #expect(Int(String(decoding: output.printed, as: UTF8.self)) == 13)
    }

    @Test(
      "nothing outside of its view is read, listed, written, changed or removed, with any landlock",
      arguments: [1, 2, 3, 4, 5, 6, 1_000])
    func view(version: Int) throws {
      try withTemporaryFolder { folder in
        let secret = "\(folder)/secret"
        try write("a secret", to: secret)
        let own = "\(folder)/own"
        try write("", to: own)
        let attempts = [
          "open(my $f, '<', '\(secret)')", "open(my $f, '>', '\(secret)')",
          "open(my $f, '>>', '\(secret)')", "open(my $f, '>', '\(folder)/new')",
          "opendir(my $d, '\(folder)')", "opendir(my $d, '/')", "opendir(my $d, '/tmp')",
          "open(my $f, '<', '/etc/passwd')", "open(my $f, '<', '/proc/self/environ')",
          "open(my $f, '<', '/proc/\(getpid())/maps')", "open(my $f, '<', '/dev/sda')",
          "open(my $f, '>', '/dev/shm/loam')", "open(my $f, '>', $ARGV[0])", "unlink('\(secret)')",
          "unlink($ARGV[0])", "rename('\(secret)', \"$ARGV[1]/a\")",
          "link('\(secret)', \"$ARGV[1]/a\")",
          "symlink('\(secret)', \"$ARGV[1]/a\")", "mkdir('\(folder)/d')", "rmdir('\(folder)')",
          "chmod(0777, '\(secret)')", "chown(1, 1, '\(secret)')", "utime(1, 1, '\(secret)')",
          "truncate('\(secret)', 0)", "chmod(0777, $ARGV[0])", "chroot('/')",
          // Opened for reading and cut: what early landlock lets through.
          "sysopen(my $f, '\(secret)', 01000)", "sysopen(my $f, $ARGV[0], 01000)",
        ]
        for attempt in attempts {
          let output = try? run(
            "print \((attempt)) ? 'done' : 'refused'", .with { $0.landlockVersion = version })
          #expect(
            output.map(\.printed) ?? Array("refused".utf8) == Array("refused".utf8), "\(attempt)")
        }
        #expect(try octets(ofFile: secret) == Array("a secret".utf8))
        #expect(try names(in: folder).sorted() == ["own", "secret"])
      }
    }

    @Test("no process is started, so that none outlives the program; threads may be")
    func processes() throws {
      for attempt in ["fork", "system('/bin/true') == 0", "`/bin/echo a` ne ''"] {
        let output = try run("print defined((\(attempt)) || undef) ? 'done' : 'refused'")
        #expect(output.printed == Array("refused".utf8), "\(attempt)")
      }
      // clone(2) with SIGCHLD, by number, with and without a name space of its own.
      #if arch(x86_64)
        let number = 56
      #else
        let number = 220
      #endif
      for flags in [17, 17 | 0x1000_0000, 17 | 0x2000_0000] {
        let output = try run(
          "print syscall(\(number), \(flags), 0, 0, 0, 0) < 0 ? 'refused' : 'done'")
        #expect(output.printed == Array("refused".utf8))
      }
      #expect(try perls().isEmpty)
    }

    @Test("no other process is signalled or looked at")
    func otherProcesses() throws {
      let parent = getpid()
      #expect(
        try run("print kill(0, \(parent)) ? 'done' : 'refused'").printed == Array("refused".utf8))
      #expect(try run("print kill(9, -1) ? 'done' : 'refused'").printed == Array("refused".utf8))
      #if arch(x86_64)
        let trace = 101
      #else
        let trace = 117
      #endif
      #expect(failure("syscall(\(trace), 16, \(parent), 0, 0)")?.code == .converterFailed)
    }

    @Test("its environment, descriptors, folder and privileges are its own")
    func surroundings() throws {
      unsafe setenv("LOAM_TEST_SECRET", "secret", 1)
      defer { _ = unsafe unsetenv("LOAM_TEST_SECRET") }
      // A descriptor that is not closed on exec.
      let leaked = unsafe open("/etc/passwd", O_RDONLY)
      defer { close(leaked) }
      let output = try run(
        """
        print join ' ', map { "$_=$ENV{$_}" } sort keys %ENV; print "\\n";
        for my $n (3 .. 255) { open(my $f, "<&=$n") and print "$n " if $n != fileno(STDIN) } print "\\n";
        print -t STDIN ? 1 : 0, defined(getc) ? 1 : 0;
        """)
      let lines = String(decoding: output.printed, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == "LANG=C.UTF-8 LC_ALL=C.UTF-8 PATH=/usr/bin:/bin PERL_HASH_SEED=0 TZ=UTC")
      #expect(!lines[1].split(separator: " ").contains("\(leaked)"), "\(lines[1])")
      #expect(lines[2] == "00")
    }

    @Test("links and special files that a program leaves are passed over")
    func links() throws {
      let output = try run(
        """
        chdir $ARGV[1]; symlink '/etc/passwd', 'link'; symlink '/etc', 'folder';
        require POSIX; POSIX::mkfifo('pipe', 0700); open my $f, '>', 'file'; print $f 1
        """)
      #expect(output.files.map { String(decoding: $0.path, as: UTF8.self) } == ["file"])
    }

    @Test("however a program ends, no folder and no process is left")
    func nothingLeft() throws {
      let deep = "for (1 .. 3000) { mkdir 'a' or die; chdir 'a' or die }"
      let waits = "open my $f, '>', $ARGV[1] . '/a'; sleep 60"
      try withTemporaryFolder { folder in
        for script in ["print 1", "die", "kill 9, $$", waits, deep] {
          _ = failure(script, .with { $0.seconds = 1 }, in: folder)
          let left = try names(in: folder)
          let perls = try perls()
          let descriptors = try sandboxDescriptors()
          #expect(left.isEmpty && perls.isEmpty && descriptors.isEmpty, "\(script)")
        }
      }
    }

    @Test("without landlock no program is run")
    func noLandlock() throws {
      try withTemporaryFolder { folder in
        let script = "open my $f, '>', '\(folder)/new'; print 1"
        #expect(failure(script, .with { $0.landlockVersion = 0 })?.code == .noSandbox)
        let left = try names(in: folder)
        #expect(left.isEmpty)
      }
    }

    @Test("a program that is not there is needs_program; a script without its interpreter too")
    func missing() throws {
      for path in ["/usr/bin/no-such-program", "/etc/passwd"] {
        let problem = #expect(throws: Problem.self) {
          try Sandbox().run(
            SandboxedProgram(path: path, arguments: []), on: .octets([], name: "in"))
        }
        #expect(problem?.code == .needsProgram)
      }
    }
  }
}
