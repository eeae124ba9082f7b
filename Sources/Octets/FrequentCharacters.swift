/// The characters that texts in East Asian languages have most, to tell a charset by.
enum FrequentCharacters {
  /// Each charset's label and the frequent characters of its language.
  static let byCharset: [(label: String, common: Set<UInt32>)] = [
    ("shift_jis", japanese), ("euc-jp", japanese), ("gb18030", simplified), ("big5", traditional),
    ("euc-kr", korean),
  ]

  /// How many characters of `text` are neither ASCII nor punctuation, and how many are `common`.
  static func count(_ text: String, _ common: Set<UInt32>) -> (common: Int, total: Int) {
    var found = (common: 0, total: 0)
    for scalar in text.unicodeScalars where scalar.value >= 0x80 {
      switch scalar.value {
      case 0x2000...0x206F, 0x3000...0x3020, 0xFF01...0xFF0F, 0xFF1A...0xFF20: break
      default:
        found.total += 1
        if common.contains(scalar.value) { found.common += 1 }
      }
    }
    return found
  }

  private static func set(_ text: String) -> Set<UInt32> { Set(text.unicodeScalars.map(\.value)) }

  /// Hiragana and katakana, and kanji of newspapers.
  private static let japanese = Set<UInt32>(0x3041...0x3093).union(0x30A1...0x30FC).union(
    set(
      """
      日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選\
      立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七\
      成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共\
      得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係\
      感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有疑口過局少放税検
      """))

  private static let simplified = set(
    """
    的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成\
    方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工\
    使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表\
    化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结\
    反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难
    """)

  private static let traditional = set(
    """
    的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成\
    方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工\
    使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表\
    化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結\
    反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難
    """)

  private static let korean = set(
    """
    이다는을의에가고하지한은로기사도들자리를나어대인그시아서정해일수보부제전라과구으만있주게상장여니마었원지면적소성스동안없\
    우모경우연공조까요비오계드무생또내위거신말것세용미와할치실때국관문데간중년등당야학려회화발식심금본방물열람월했음된입습저합
    """)
}
