package import Grounding

// Each object's names stand in the order of their octets.

extension RetrievalResponse: JSONWritable {
  /// The response as one line of JSON with sorted keys, without a line end.
  ///
  /// - Throws: `internal` where a score is not a number, which ranking rules out.
  package func json() throws(Problem) -> [UInt8] { try JSONWriter.octets(of: self) }

  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("coverage", coverage)
      $0.field("request_id", requestID)
      $0.field("results", results)
    }
  }
}

extension Coverage: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("mode", mode.rawValue)
      $0.field("passages", passages)
      $0.field("pending", pending)
      $0.field("tokens", tokens)
      $0.field("vector", vector)
    }
  }
}

extension VectorCoverage: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("method", method.rawValue)
      $0.field("recall", recall)
    }
  }
}

extension RetrievalResult: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("conversation", conversation)
      $0.field("item", item)
      $0.field("lexical", lexical)
      $0.field("rank", rank)
      $0.field("score", score)
      $0.field("snippets", snippets)
      $0.field("vector", vector)
    }
  }
}

extension ConversationGroup: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("id", id)
      $0.field("items", items)
      $0.field("results", results)
    }
  }
}

extension LegScore: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("rank", rank)
      $0.field("score", score)
    }
  }
}

extension Snippet: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("locator", locator)
      $0.field("marks", marks)
      $0.field("quoted", quoted)
      $0.field("score", score)
      $0.field("sha256", sha256)
      $0.field("span", span)
      $0.field("text", text)
    }
  }
}

extension Locator: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("heading", heading)
      $0.field("page", page)
      $0.field("part", part)
    }
  }
}

extension TextSpan: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("end", end)
      $0.field("start", start)
    }
  }
}

extension ItemDescription: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("conversation", conversation)
      $0.field("external_id", externalID)
      $0.field("id", id)
      $0.field("kind", kind.rawValue)
      $0.field("label", label)
      $0.field("language", language)
      $0.field("locations", locations)
      $0.field("parent", parent)
      $0.field("people", people)
      $0.field("times", times.map(Times.init))
      $0.field("title", title)
    }
  }

  /// Times by role; the names of roles have only characters that stand for themselves.
  private struct Times: JSONWritable {
    let byRole: [String: TimeDescription]

    func write(to json: inout JSONWriter) {
      json.object { json in
        for (role, time) in byRole.sorted(by: { $0.key < $1.key }) { json.field(role, time) }
      }
    }
  }
}

extension Person: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("address", address)
      $0.field("name", name)
      $0.field("role", role.rawValue)
      $0.field("state", state?.rawValue)
    }
  }
}

extension TimeDescription: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("all_day", allDay)
      $0.field("instant", instant)
      $0.field("local", local)
      $0.field("zone", zone)
    }
  }
}

extension LocationDescription: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object {
      $0.field("source", source)
      $0.field("uri", uri)
    }
  }
}
