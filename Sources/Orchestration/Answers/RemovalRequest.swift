/// Tells whether a prompt asks for less: to remove, to simplify, to start over.
///
/// A word that is only spoken of (`a delete button`, `so that users can remove items`) asks for nothing: in doubt, the answer
/// is no.
enum RemovalRequest {
    /// Words looked at, at most.
    private static let maximumWords = 2_000

    /// Whether a prompt asks for less.
    static func isMeant(by prompt: String) -> Bool {
        let text = prompt.lowercased()
        let clauses = text.split { ".!?;:,\n()".contains($0) || "。，！？、；：".contains($0) }
        var left = maximumWords
        for clause in clauses {
            let words = clause.split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’" || $0 == "-") }.prefix(
                left
            )
            left -= words.count
            if isMeant(by: words.map(String.init)) { return true }
            if left <= 0 { break }
        }
        return isMeantWithoutBlanks(text)
    }

    private static func isMeant(by words: [String]) -> Bool {
        let clause = " " + words.joined(separator: " ") + " "
        if phrases.contains(where: { clause.contains(" \($0) ") }) { return true }
        for (place, word) in words.enumerated() {
            // `Enlève-le` asks as `Enlève` does.
            let isImperative = imperatives.contains(String(word.prefix { $0 != "-" }))
            guard isImperative || verbs.contains(word) else { continue }
            if word == "drop", words.contains("drag") { continue }
            if place + 1 < words.count, nouns.contains(words[place + 1]) { continue }
            // Forms that are nothing but a request ask wherever they stand.
            if isImperative || place == 0 || leads.contains(words[place - 1]) { return true }
            if place == words.count - 1, infinitives.contains(word), !purposes.contains(words[place - 1]) {
                return true
            }
            guard place > 1 else { continue }
            if words[place - 1] == "to", askers.contains(words[place - 2]) { return true }
        }
        return false
    }

    private static func isMeantWithoutBlanks(_ text: String) -> Bool {
        for word in [
            "删除", "移除", "去掉", "删掉", "简化", "精简", "重写", "重新开始", "从头", "替换", "削除して", "消して", "取り除", "シンプルに", "書き直", "最初から",
            "置き換え",
        ] {
            var rest = text[...]
            while let found = rest.firstRange(of: word) {
                rest = rest[found.upperBound...]
                let isNoun = ["按钮", "功能", "图标", "ボタン", "的按钮"].contains { rest.hasPrefix($0) }
                if !isNoun { return true }
            }
        }
        return false
    }

    /// Words that ask where a request may begin.
    private static let verbs: Set<String> = [
        "remove", "delete", "erase", "strip", "eliminate", "discard", "simplify", "shorten", "rewrite", "redo",
        "rebuild",
        "replace", "refactor", "condense", "reduce", "trim", "cut", "drop", "clear", "undo", "revert", "restart",
        "scrap",
        "minimize", "minimise", "swap", "compress", "remake", "recreate", "shrink",
        "entfernen", "löschen", "vereinfachen", "kürzen", "ersetzen", "verkleinern", "streichen", "wegnehmen",
        "reduzieren",
        "supprimer", "enlever", "retirer", "effacer", "simplifier", "raccourcir", "remplacer", "réécrire",
        "recommencer",
        "eliminar", "quitar", "borrar", "suprimir", "simplificar", "acortar", "reemplazar", "sustituir", "reescribir",
        "remover", "apagar", "excluir", "substituir", "reescrever", "rimuovere", "eliminare", "togliere",
        "semplificare",
    ]

    /// Forms that are a request and nothing else.
    private static let imperatives: Set<String> = [
        "entferne", "lösche", "vereinfache", "kürze", "ersetze", "streiche", "reduziere", "entfernt", "entfern",
        "supprime", "supprimez", "enlève", "enlevez", "retirez", "efface", "effacez", "simplifie", "simplifiez",
        "raccourcis", "raccourcissez", "remplace", "remplacez", "recommence", "recommencez", "réécris", "réécrivez",
        "elimina", "quita", "borra", "suprime", "simplifica", "acorta", "reemplaza", "sustituye", "reescribe",
        "elimine",
        "remova", "apague", "exclua", "simplifique", "substitua", "reescreva", "rimuovi", "togli", "semplifica",
        "sostituisci", "riscrivi", "verwijder", "vereenvoudig", "herschrijf", "удали", "удалите", "убери", "уберите",
        "упрости",
        "упростите", "перепиши", "перепишите", "замени", "замените", "usuń", "uprość",
    ]

    /// Verbs that stand at the end of a request, as German ones do.
    private static let infinitives: Set<String> = [
        "entfernen", "löschen", "vereinfachen", "kürzen", "ersetzen", "verkleinern", "streichen", "wegnehmen",
        "reduzieren",
    ]

    /// Words before a request.
    private static let leads: Set<String> = [
        "please", "and", "then", "just", "now", "also", "but", "or", "simply", "completely", "let's", "lets", "you",
        "bitte", "und", "dann", "einfach", "auch", "nur", "jetzt", "et", "puis", "aussi", "juste", "y", "luego",
        "también",
        "favor", "plaît", "instead", "can", "should", "must", "first", "second", "again", "totally", "entirely", "e",
        "peux", "pouvez", "veux", "voudrais", "puedes", "podrías", "quiero", "could", "would", "pode", "puoi",
    ]

    /// Who asks, before `to`.
    private static let askers: Set<String> = ["you", "want", "like", "need", "us", "have"]

    /// Words before an infinitive that tells what something is for.
    private static let purposes: Set<String> = ["zum", "zu", "kann", "können", "to", "pour", "para", "per"]

    /// Words behind a verb that make it a name of something.
    private static let nouns: Set<String> = [
        "button", "buttons", "icon", "icons", "key", "keys", "link", "links", "option", "options", "action", "actions",
        "feature", "features", "function", "functions", "handler", "dialog", "menu", "mode", "shadow", "shadows",
        "zone",
        "down", "confirmation", "off", "out", "-down", "dropdown", "knopf", "taste", "schaltfläche", "filters",
        "filter",
    ]

    private static let phrases: [String] = [
        "start over", "start again", "start afresh", "start fresh", "start from", "from scratch", "from zero",
        "get rid of",
        "take out", "take away", "throw away", "throw it away", "throw it all away", "throw everything away",
        "throw out", "clean up", "cut down", "strip down", "boil down",
        "pare down",
        "make it simpler", "much simpler", "make it shorter", "make it smaller", "make it minimal", "simpler version",
        "shorter version", "minimal version", "less code", "no longer need", "no longer want", "don't need",
        "don't want",
        "go back to", "instead of", "something else", "something different", "completely different", "completely new",
        "new app", "different app", "another app", "brand new", "turn it into", "turn this into", "make it a", "forget",
        "von vorne", "von vorn", "von null", "neu anfangen", "fang neu an", "neu schreiben", "schreib es neu",
        "weg mit",
        "stattdessen", "einfacher machen", "zurück zu", "anstatt", "anstelle", "brauche ich nicht",
        "à zéro", "de zéro", "au lieu", "à la place", "plus simple", "autre chose", "repars",
        "desde cero", "de cero", "de nuevo", "en lugar de", "en vez de", "más simple", "más sencillo", "otra cosa",
        "deshazte",
        "с нуля", "opnieuw beginnen", "begin opnieuw", "od zera", "do zero", "da zero", "da capo", "em vez de",
        "invece di", "mais simples", "più semplice",
    ]
}
