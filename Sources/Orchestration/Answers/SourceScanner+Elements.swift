extension SourceScanner {
    /// Takes a byte of an element: its tag, its text, its end.
    mutating func takeElement(_ byte: UInt8) {
        switch state {
        case .less: takeAfterLess(byte)
        case .tagName(let length, let isUpper): takeName(byte, length: length, isUpper: isUpper)
        case .typeOrElement:
            // `<T>(` are type parameters.
            if byte == UInt8(ascii: "(") {
                state = .code
                takeCode(byte)
            } else {
                beginElement(.children)
                takeElement(byte)
            }
        case .tag: takeTag(byte)
        case .tagString(let quote): if byte == quote { state = .tag }
        case .closingTag: if byte == UInt8(ascii: ">") { pop() }
        case .children: takeText(byte)
        case .childLess:
            switch byte {
            case UInt8(ascii: "/"): state = .closingTag
            case UInt8(ascii: ">"): beginElement(.children)
            case _ where Self.isNameByte(byte):
                beginElement(.tag)
                takeElement(byte)
            default:
                state = .children
                takeText(byte)
            }
        default: break
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }

    private mutating func beginElement(_ next: State) {
        state = next
        isNaming = true
        typeArguments = 0
        word.removeAll(keepingCapacity: true)
        previousByte = UInt8(ascii: "<")
        push(.element)
    }

    /// It was no element: what was read of it is code.
    private mutating func dropElement(_ byte: UInt8) {
        if frames.last == .element { frames.removeLast() }
        state = .code
        word.removeAll(keepingCapacity: true)
        previousWord = []
        takeCode(byte)
    }

    private mutating func takeAfterLess(_ byte: UInt8) {
        if byte == UInt8(ascii: ">") {
            beginElement(.children)
        } else if Self.isNameByte(byte) {
            state = .tagName(
                length: 1,
                isUpper: byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            )
        } else {
            state = .code
            takeCode(byte)
        }
    }

    private mutating func takeName(_ byte: UInt8, length: Int, isUpper: Bool) {
        if Self.isNameByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
            state = .tagName(length: length + 1, isUpper: isUpper)
        } else if byte == UInt8(ascii: ",") {
            // `<T,>` are type parameters.
            state = .code
            takeCode(byte)
        } else if byte == UInt8(ascii: ">"), length == 1, isUpper {
            state = .typeOrElement
        } else {
            beginElement(.tag)
            // The name's last byte, whichever it was.
            previousByte = UInt8(ascii: "a")
            takeTag(byte)
        }
    }

    private mutating func takeTag(_ byte: UInt8) {
        if typeArguments > 0 {
            if byte == UInt8(ascii: "<") { typeArguments += 1 }
            if byte == UInt8(ascii: ">") { typeArguments -= 1 }
            return
        }
        switch byte {
        case _ where Self.isNameByte(byte):
            if isNaming, word.count < 16 { word.append(byte) }
            previousByte = byte
            return
        case UInt8(ascii: "<"):
            guard isNaming, Self.isNameByte(previousByte) else { return dropElement(byte) }
            typeArguments = 1
            return
        case UInt8(ascii: "'"), UInt8(ascii: "\""): state = .tagString(quote: byte)
        case UInt8(ascii: "{"):
            push(.tagExpression)
            if !isLost { state = .code }
            word.removeAll(keepingCapacity: true)
            previousWord = []
        case UInt8(ascii: "/"), UInt8(ascii: "*"):
            guard previousByte == UInt8(ascii: "/") else { break }
            commentInTag = true
            previousByte = UInt8(ascii: "a")
            state = byte == UInt8(ascii: "/") ? .lineComment : .blockComment(star: false)
            return
        case UInt8(ascii: ">"):
            // `=>`: these were type parameters.
            if previousByte == UInt8(ascii: "=") { return dropElement(byte) }
            if previousByte == UInt8(ascii: "/") { pop() } else { state = .children }
            word.removeAll(keepingCapacity: true)
            return
        case 0x00...0x20:
            // `<T extends X>` are type parameters.
            if isNaming, word.elementsEqual("extends".utf8) { return dropElement(byte) }
            word.removeAll(keepingCapacity: true)
            return
        case UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "}"):
            return dropElement(byte)
        default: break
        }
        if byte != UInt8(ascii: "."), byte != UInt8(ascii: "-"), byte != UInt8(ascii: ":") { isNaming = false }
        previousByte = byte
    }

    private mutating func takeText(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "<"): state = .childLess
        case UInt8(ascii: "{"):
            push(.childExpression)
            if !isLost { state = .code }
            previousByte = byte
            previousWord = []
        case UInt8(ascii: "}"):
            // No text holds a lone brace: what seemed to be elements were types.
            while frames.last == .element { frames.removeLast() }
            state = .code
            takeCode(byte)
        case UInt8(ascii: ">") where previousByte == UInt8(ascii: "="): dropElement(byte)
        default: previousByte = byte
        }
    }
}
