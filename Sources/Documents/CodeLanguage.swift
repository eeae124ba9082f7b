/// Which language a file of source is in, by its name or by the interpreter its first line names.
enum CodeLanguage {
  /// The language of a file called `name`; configuration and other text by lines has one as well.
  static func named(_ name: String) -> String? {
    names[name.lowercased()] ?? suffixes[fileSuffix(name)]
  }

  /// The language of a script with a first line such as `#!/usr/bin/env python3`; a language that is
  /// not known is called as its interpreter is.
  static func interpreted(_ text: [UInt8]) -> String? {
    guard text.starts(with: [0x23, 0x21]) else { return nil }
    let line = text.dropFirst(2).prefix(200).prefix { $0 != 0x0A && $0 != 0x0D }
    var words = String(decoding: line, as: UTF8.self).split(separator: " ")[...]
    guard let path = words.popFirst(), path.contains("/") else { return nil }
    var program = path.split(separator: "/").last ?? path
    if program == "env" {
      words = words.drop { $0.hasPrefix("-") || $0.contains("=") }
      guard let called = words.first else { return nil }
      program = called.split(separator: "/").last ?? called
    }
    while let last = program.last, last.isNumber || last == "." { program = program.dropLast() }
    let name = program.lowercased()
    return name.isEmpty ? nil : interpreters[name] ?? name
  }

  private static let interpreters = [
    "sh": "shell", "bash": "shell", "dash": "shell", "zsh": "shell", "ksh": "shell",
    "node": "javascript", "deno": "javascript", "bun": "javascript", "rscript": "r",
    "pypy": "python", "tclsh": "tcl", "wish": "tcl", "gawk": "awk", "mawk": "awk",
    "runhaskell": "haskell", "pwsh": "powershell", "swift": "swift",
  ]

  private static let names = table(
    """
    make makefile gnumakefile bsdmakefile
    dockerfile dockerfile containerfile
    ruby gemfile rakefile vagrantfile podfile brewfile
    groovy jenkinsfile
    cmake cmakelists.txt
    starlark build workspace build.bazel
    shell .bashrc .bash_profile .profile .zshrc .bash_aliases apkbuild pkgbuild
    ini .gitconfig .editorconfig .npmrc
    text .gitignore .gitattributes .dockerignore codeowners procfile
    toml cargo.lock poetry.lock
    go go.mod go.sum
    vim .vimrc
    """)

  private static let suffixes = table(
    """
    swift swift
    c c h
    c++ cc cpp cxx c++ hpp hh hxx inl ipp
    objective-c m mm
    cuda cu cuh
    java java
    kotlin kt kts
    scala scala sc sbt
    groovy groovy gradle
    go go
    rust rs
    python py pyi pyw pyx
    ruby rb rake gemspec erb
    perl pl pm
    php php
    javascript js mjs cjs jsx
    typescript ts tsx mts cts
    vue vue
    svelte svelte
    css css scss sass less
    template jsp asp aspx ejs hbs j2 tmpl mustache
    shell sh bash zsh fish ksh
    powershell ps1 psm1
    batch bat cmd
    sql sql ddl
    r r
    julia jl
    lua lua
    haskell hs lhs
    ocaml ml mli
    fsharp fs fsx
    csharp cs
    visualbasic vb bas vbs
    dart dart
    elixir ex exs
    erlang erl hrl
    clojure clj cljs edn
    lisp lisp lsp el scm rkt
    vim vim
    tcl tcl
    awk awk
    sed sed
    assembly asm s
    fortran f f90 f95 for
    pascal pas dpr
    ada adb ads
    d d
    zig zig
    nim nim
    nix nix
    verilog sv svh
    vhdl vhd vhdl
    protobuf proto
    thrift thrift
    graphql graphql gql
    terraform tf tfvars hcl
    cmake cmake
    make mk mak
    dockerfile dockerfile
    toml toml
    yaml yaml yml
    ini ini cfg conf properties desktop service env
    diff diff patch
    matlab mat
    latex sty cls bib
    """)

  /// Each line: a language, then what stands for it.
  private static func table(_ text: String) -> [String: String] {
    var table: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard let language = words.first else { continue }
      for word in words.dropFirst() { table[word] = language }
    }
    return table
  }
}
