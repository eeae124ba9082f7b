/// The elements that the reader treats in their own way; every other one is inline and unknown.
enum HTMLElement: String, CaseIterable, Sendable {
  case a, abbr, address, annotation, applet, area, article, aside, audio, b, base, basefont
  case bgsound, big, blockquote, body, br, button, canvas, caption, center, code, col, colgroup
  case datalist, dd, desc, details, dialog, dir, div, dl, dt, em, embed, fieldset, figcaption
  case figure, font, footer, form, frame, frameset, h1, h2, h3, h4, h5, h6, head, header, hgroup
  case hr, html, i, iframe, image, img, input, keygen, legend, li, link, listing, main, mark
  case marquee, math, menu, meta, metadata, nav, nobr, noembed, noframes, noscript, object, ol
  case optgroup, option, p, param, plaintext, pre, q, rp, s, script, search, section, select
  case small, source, span, strike, strong, style, sub, summary, sup, svg, table, tbody, td
  case template, text, textarea, tfoot, th, thead, title, tr, track, tt, u, ul, video, wbr, xmp
  case annotationXML = "annotation-xml"
  case foreignObject = "foreignobject"

  /// By ``HTMLName/key``.
  static let byKey: [UInt64: HTMLElement] = Dictionary(
    uniqueKeysWithValues: allCases.map { (HTMLName($0.rawValue.utf8).key, $0) })

  /// What is known of each element, looked up once a tag.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt16
    /// It has no content and no end tag.
    static let void = Traits(rawValue: 1)
    /// It begins and ends a line.
    static let block = Traits(rawValue: 2)
    /// An empty line stands before and behind it.
    static let spaced = Traits(rawValue: 4)
    /// Its start tag closes an open paragraph.
    static let closesParagraph = Traits(rawValue: 8)
    /// It goes on in the next block where the one that it stands in is closed.
    static let formatting = Traits(rawValue: 16)
    /// End tags of what is outside do not reach into it.
    static let scope = Traits(rawValue: 32)
    /// Nothing in it is text of the page.
    static let skipped = Traits(rawValue: 64)
    /// A part of a table's structure.
    static let tablePart = Traits(rawValue: 128)
    /// Open items of lists are not looked for beyond it.
    static let listScope = Traits(rawValue: 256)
    /// It is often not closed.
    static let optionalEnd = Traits(rawValue: 512)
    /// No element is read in it, only text.
    static let raw = Traits(rawValue: 1024)
  }

  static let traits: [HTMLElement: Traits] = {
    var traits: [HTMLElement: Traits] = [:]
    func add(_ trait: Traits, _ elements: [HTMLElement]) {
      for element in elements { traits[element, default: []].insert(trait) }
    }
    add(
      .void,
      [
        .area, .base, .basefont, .bgsound, .br, .col, .embed, .frame, .hr, .image, .img, .input,
        .keygen, .link, .meta, .param, .source, .track, .wbr,
      ])
    let headings: [HTMLElement] = [.h1, .h2, .h3, .h4, .h5, .h6]
    let lists: [HTMLElement] = [.dir, .dl, .menu, .ol, .ul]
    let sections: [HTMLElement] = [
      .address, .article, .aside, .blockquote, .center, .details, .dialog, .div, .fieldset,
      .figcaption, .figure, .footer, .form, .header, .hgroup, .hr, .listing, .main, .nav, .p,
      .plaintext, .pre, .search, .section, .summary, .xmp,
    ]
    add(.closesParagraph, headings + lists + sections + [.table, .li, .dd, .dt])
    add(
      .block,
      headings + lists + sections + [
        .body, .html, .caption, .dd, .dt, .legend, .li, .optgroup, .option, .select, .table,
        .tbody, .td, .tfoot, .th, .thead, .tr, .textarea, .marquee, .frameset,
      ])
    add(
      .spaced,
      headings + lists + [
        .blockquote, .fieldset, .figure, .hr, .listing, .p, .plaintext, .pre, .table, .xmp,
      ])
    add(
      .formatting,
      [.a, .b, .big, .code, .em, .font, .i, .nobr, .s, .small, .strike, .strong, .tt, .u])
    add(
      .scope,
      [
        .applet, .caption, .html, .table, .td, .th, .marquee, .object, .template,
        .foreignObject, .svg, .math,
      ])
    add(
      .skipped,
      [
        .script, .style, .template, .iframe, .noembed, .noframes, .object, .applet, .audio, .video,
        .canvas, .datalist, .rp, .annotation, .annotationXML, .desc, .metadata, .title,
      ])
    add(.tablePart, [.caption, .col, .colgroup, .tbody, .td, .tfoot, .th, .thead, .tr])
    add(
      .listScope,
      headings + lists + sections.filter { ![.address, .div, .p].contains($0) } + [
        .body, .html, .button, .select, .textarea,
      ])
    add(
      .optionalEnd,
      [.p, .li, .dd, .dt, .tr, .td, .th, .tbody, .thead, .tfoot, .option, .optgroup, .caption])
    add(
      .raw, [.title, .textarea, .style, .script, .xmp, .iframe, .noembed, .noframes, .plaintext])
    return traits
  }()

  /// By ``HTMLName/key``: one look-up for both.
  static let known: [UInt64: (element: HTMLElement, traits: Traits)] = byKey.mapValues {
    ($0, traits[$0] ?? [])
  }

  /// 1 to 6; 0 for what is no heading.
  var headingLevel: UInt8 {
    switch self {
    case .h1: 1
    case .h2: 2
    case .h3: 3
    case .h4: 4
    case .h5: 5
    case .h6: 6
    default: 0
    }
  }
}
