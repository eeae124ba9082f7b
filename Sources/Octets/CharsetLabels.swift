/// The labels that Loam knows, the name each stands for, and what iconv calls it.
///
/// - SeeAlso: WHATWG Encoding Standard, section 4.2; IANA's character sets.
enum CharsetLabels {
  /// The usual name of the encoding with `label`: any case, spaces and quotes around it dropped.
  static func canonicalName(_ label: String) -> String? {
    let trimmed = label.utf8.drop { isFrame($0) }
    var end = trimmed.endIndex
    while end > trimmed.startIndex, isFrame(trimmed[trimmed.index(before: end)]) {
      end = trimmed.index(before: end)
    }
    let letters = trimmed[..<end]
    guard letters.count <= 40 else { return nil }
    return names[String(decoding: letters.map(lowercased), as: UTF8.self)]
  }

  /// What iconv calls the encoding `name`.
  static func iconvName(_ name: String) -> String { iconvNames[name] ?? name.uppercased() }

  private static func isFrame(_ octet: UInt8) -> Bool {
    octet <= 0x20 || octet == 0x22 || octet == 0x27
  }

  private static func lowercased(_ octet: UInt8) -> UInt8 {
    (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
  }

  /// Where iconv's name is not the usual one in upper case, or reads a superset that senders mean.
  private static let iconvNames = [
    "gb2312": "GB18030", "gbk": "GB18030", "gb18030": "GB18030", "hz-gb-2312": "HZ",
    "big5": "BIG5-HKSCS", "shift_jis": "CP932", "euc-jp": "EUC-JP-MS", "euc-kr": "UHC",
    "iso-8859-9": "CP1254", "iso-8859-11": "CP874", "tis-620": "CP874", "macintosh": "MACINTOSH",
    "windows-874": "CP874", "windows-1250": "CP1250", "windows-1251": "CP1251",
    "windows-1253": "CP1253", "windows-1254": "CP1254", "windows-1255": "CP1255",
    "windows-1256": "CP1256", "windows-1257": "CP1257", "windows-1258": "CP1258",
    "x-mac-cyrillic": "MAC-CYRILLIC",
  ]

  /// Each line: a usual name, then its other labels.
  private static let table = """
    us-ascii ascii ansi_x3.4-1968 ansi_x3.4-1986 iso646-us iso-ir-6 us iso_646.irv:1991 cp367 646
    utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf-8n
    windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso_8859-1 iso88591 iso_8859-1:1987 iso-ir-100 \
    latin1 latin-1 l1 cp819 ibm819 csisolatin1 8859-1 ansi
    iso-8859-2 iso8859-2 iso_8859-2 iso88592 iso_8859-2:1987 iso-ir-101 latin2 l2 csisolatin2
    iso-8859-3 iso8859-3 iso_8859-3 iso88593 latin3 l3 csisolatin3
    iso-8859-4 iso8859-4 iso_8859-4 iso88594 latin4 l4 csisolatin4
    iso-8859-5 iso8859-5 iso_8859-5 iso88595 cyrillic csisolatincyrillic
    iso-8859-6 iso8859-6 iso_8859-6 iso88596 arabic csisolatinarabic iso-8859-6-e iso-8859-6-i
    iso-8859-7 iso8859-7 iso_8859-7 iso88597 greek greek8 csisolatingreek
    iso-8859-8 iso8859-8 iso_8859-8 iso88598 hebrew csisolatinhebrew iso-8859-8-i iso-8859-8-e logical
    iso-8859-9 iso8859-9 iso_8859-9 iso88599 latin5 l5 csisolatin5
    iso-8859-10 iso8859-10 iso_8859-10 latin6 l6 csisolatin6
    iso-8859-11 iso8859-11 iso_8859-11
    tis-620 tis620
    iso-8859-13 iso8859-13 iso_8859-13 latin7
    iso-8859-14 iso8859-14 iso_8859-14 latin8
    iso-8859-15 iso8859-15 iso_8859-15 iso885915 latin-9 latin9 l9 csisolatin9
    iso-8859-16 iso8859-16 iso_8859-16 latin10
    windows-874 cp874 dos-874 x-windows-874
    windows-1250 cp1250 x-cp1250
    windows-1251 cp1251 x-cp1251
    windows-1253 cp1253 x-cp1253
    windows-1254 cp1254 x-cp1254
    windows-1255 cp1255 x-cp1255
    windows-1256 cp1256 x-cp1256
    windows-1257 cp1257 x-cp1257
    windows-1258 cp1258 x-cp1258
    koi8-r koi koi8 koi8_r cskoi8r
    koi8-u koi8-ru
    macintosh mac x-mac-roman csmacintosh macroman
    x-mac-cyrillic x-mac-ukrainian
    ibm437 cp437 437
    ibm850 cp850 850
    ibm852 cp852 852
    ibm866 cp866 866 csibm866
    gb2312 chinese csgb2312 gb_2312 gb_2312-80 csiso58gb231280 iso-ir-58 x-gbk gb2312-80
    gbk cp936 ms936 windows-936
    gb18030 gb-18030
    hz-gb-2312 hz
    big5 big5-hkscs big5hkscs cn-big5 csbig5 x-x-big5 cp950
    euc-tw
    euc-jp eucjp cseucpkdfmtjapanese x-euc-jp
    shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j cp932 ms932
    iso-2022-jp csiso2022jp iso2022jp
    iso-2022-jp-2
    euc-kr euckr cseuckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949 \
    csksc56011987 iso-ir-149 cp949 uhc
    iso-2022-kr csiso2022kr
    utf-7 utf7 unicode-1-1-utf-7
    utf-16 utf16 ucs-2 unicode iso-10646-ucs-2 csunicode
    utf-16le utf16le ucs-2le unicodefeff
    utf-16be utf16be ucs-2be unicodefffe
    utf-32 utf32 ucs-4
    utf-32le utf-32-le
    utf-32be utf-32-be
    """

  private static let names: [String: String] = {
    var names: [String: String] = [:]
    for line in table.split(separator: "\n") {
      let labels = line.split(separator: " ").map(String.init)
      guard let name = labels.first else { continue }
      for label in labels { names[label] = name }
    }
    return names
  }()
}
