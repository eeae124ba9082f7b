import Conversion
import Glibc
import Grounding
import Octets
import Reading
import TestSupport
import Testing

/// A table with one program, which is perl with `script`.
private func converter(
  _ script: String, _ result: Converter.Result = .pages, sandbox: Sandbox = Sandbox()
) -> SandboxedConverter {
  SandboxedConverter(
    table: [
      Converter(
        format: .pdf, program: "perl", arguments: [.text("-e"), .text(script), .input, .folder],
        result: result, debianPackage: "perl-base")
    ], sandbox: sandbox)
}

extension Trait where Self == ConditionTrait {
  /// Skips where the programs of the table are not installed and not required.
  static var needsPrograms: Self {
    .enabled(
      if: Corpora.isRequired
        || Converter.table.allSatisfy { SandboxedConverter().canConvert($0.format) },
      "the programs of the table are not installed")
  }
}

extension AllSuites {
  @Suite("Converter", .enabled(if: Sandbox.isAvailable))
  struct ConverterTests {
    @Test("a program that is missing is needs_program, with Debian's package in the remedy")
    func missing() {
      let table = Converter.table.map { converter in
        var converter = converter
        converter.program = "loam-no-such-program"
        return converter
      }
      let converter = SandboxedConverter(table: table)
      for row in table {
        #expect(!converter.canConvert(row.format))
        let problem = #expect(throws: Problem.self) {
          try converter.convert([1], from: row.format)
        }
        #expect(problem?.code == .needsProgram)
        #expect(problem?.remedy?.contains("apt install \(row.debianPackage)") == true)
      }
      #expect(SandboxedConverter().canConvert(.plainText) == false)
    }

    @Test("programs that misbehave end as their item's problem, and the others are read")
    func nothingElseIsLost() throws {
      let script = """
        open my $f, '<', $ARGV[0]; my $t = join '', <$f>;
        die if $t =~ /fail/; kill 11, $$ if $t =~ /crash/; sleep 60 if $t =~ /hang/;
        socket(my $s, 2, 1, 0) if $t =~ /net/; while ($t =~ /flood/) { print 'x' x 65536 }
        print "words\\f"
        """
      let limits = SandboxLimits.with {
        $0.seconds = 2
        $0.outputOctets = 1 << 20
      }
      let message = """
        From: a@example.org
        Content-Type: multipart/mixed; boundary=b


        """
        + ["fine", "fail", "crash", "hang", "net", "flood", "fine"].map {
          "--b\nContent-Type: application/pdf; name=\"\($0).pdf\"\n\n%PDF-1.4 \($0)\n"
        }.joined() + "--b--\n"
      try withTemporaryFolder { folder in
        let sandbox = Sandbox(limits: limits, temporaryFolder: folder)
        let program = converter(script, sandbox: sandbox)
        let file = try FileReader.read(Array(message.utf8), as: .message, converter: program)
        #expect(
          file.parts.map(\.outcome) == [
            .read(.pdf), .notRead(.converterFailed), .notRead(.converterFailed),
            .notRead(.converterLimit), .notRead(.converterFailed), .notRead(.converterLimit),
            .read(.pdf),
          ])
        #expect(file.items[0].children.map(\.text) == ["words", "words"])
        let left = try names(in: folder)
        #expect(left.isEmpty)
      }
    }

    @Test("drawn boundaries and Content-IDs are the same in every run, and nothing else is changed")
    func drawnNames() throws {
      let script = #"""
        my $b = int(rand 1e9) . ".x." . $$; my $i = time . "7.f2D.$$";
        print qq(Content-Type: multipart/mixed; boundary=$b; x=y\n\n--$b\n\n--$b.x $b\n),
          qq(Content-Type: multipart/mixed; Boundary="a$b"\nContent-ID: <$i\@vm>\n\n--a$b\n\n),
          qq(Content-ID: <image001.png\@01D2.29>\n--a$b--\r\n--$b--);
        print STDERR $b
        """#
      guard case .message(let octets) = try converter(script, .message).convert([], from: .pdf)
      else {
        Issue.record("no message")
        return
      }
      let lines = String(decoding: octets, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == "Content-Type: multipart/mixed; boundary=part-boundary-1; x=y")
      #expect(lines[2] == "--part-boundary-1")
      #expect(lines[4].hasPrefix("--") && !lines[4].contains("part"))
      #expect(lines[5] == "Content-Type: multipart/mixed; Boundary=\"part-boundary-2\"")
      #expect(lines[6] == "Content-ID: <part-1>")
      #expect(lines[8] == "--part-boundary-2")
      #expect(lines[10] == "Content-ID: <image001.png@01D2.29>")
      #expect(lines[11...].joined(separator: "\n") == "--part-boundary-2--\r\n--part-boundary-1--")
    }
  }

  @Suite("Programs", .needsPrograms)
  struct ProgramTests {
    @Test("pdftotext gives a page for each page, and the same for the same octets")
    func portableDocuments() throws {
      let octets = portableDocument(["The Heron sails", "", "at nine\nfrom Kiel"])
      let first = try FileReader.read(octets, as: .pdf, converter: SandboxedConverter())
      #expect(first.items[0].text == "The Heron sails\n\nat nine\nfrom Kiel")
      #expect(first.items[0].segments.map(\.locator.page) == [1, 3])
      #expect(try FileReader.read(octets, as: .pdf, converter: SandboxedConverter()) == first)
    }

    @Test("damaged files are converter_failed")
    func damaged() {
      for format in [ItemFormat.pdf, .outlookAttachments, .outlookStore] {
        let problem = #expect(throws: Problem.self) {
          try SandboxedConverter().convert(Array("%PDF-1.4\nx".utf8), from: format)
        }
        #expect(problem?.code == .converterFailed, "\(format)")
      }
    }

    @Test("tnef gives the files in a bundle")
    func bundles() throws {
      let bundle = outlookAttachments([("plan.txt", "sail at nine"), ("b.txt", "at ten")])
      let result = try SandboxedConverter().convert(bundle, from: .outlookAttachments)
      #expect(
        result
          == .files([
            ConvertedFile.File(path: "b.txt", octets: Array("at ten".utf8)),
            ConvertedFile.File(path: "plan.txt", octets: Array("sail at nine".utf8)),
          ]))
    }
  }
}

/// A bundle of attachments with these names and contents (MS-OXTNEF, section 2.1.3).
private func outlookAttachments(_ files: [(name: String, text: String)]) -> [UInt8] {
  func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
  func attribute(_ level: UInt8, _ id: Int, _ data: [UInt8]) -> [UInt8] {
    let sum = data.reduce(0) { ($0 + Int($1)) & 0xFFFF }
    return [level] + little(id, 4) + little(data.count, 4) + data + little(sum, 2)
  }
  var octets = little(0x223E_9F78, 4) + little(1, 2)
  octets += attribute(1, 0x0008_9006, little(0x0001_0000, 4))
  for file in files {
    octets += attribute(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
    octets += attribute(2, 0x0001_8010, Array(file.name.utf8) + [0])
    octets += attribute(2, 0x0006_800F, Array(file.text.utf8))
  }
  return octets
}
