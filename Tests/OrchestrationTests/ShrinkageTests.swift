import Testing

@testable import Orchestration

@Suite struct ShrinkageTests {
    private static let long = String(repeating: "line\n", count: 100)

    @Test func isSuspiciousOnlyBelowHalfOfALongFile() {
        func lost(_ new: Int, of previous: Int) -> Bool {
            Shrinkage.isSuspicious(
                new: String(repeating: "a\n", count: new),
                previous: String(repeating: "a\n", count: previous),
                prompt: "Make the title blue"
            )
        }
        #expect(lost(20, of: 41))
        #expect(!lost(21, of: 41))
        #expect(!lost(1, of: 40))
        #expect(lost(49, of: 100))
        #expect(!lost(50, of: 100))
        #expect(!lost(200, of: 100))
    }

    @Test(arguments: [
        "удали всё", "verwijder alles", "throw it all away and make a clock", "Remove the sidebar",
        "please delete everything but the clock", "Simplify it", "make it simpler please",
        "Start over.",
        "Can you remove the chart?", "I want you to drop the animations", "OK. Now strip the styles",
        "Rewrite it from scratch",
        "Replace the list with a table", "Get rid of the footer", "let's start again", "Shorten the code",
        "Turn it into a game",
        "Instead of a list, show a map", "I'd like to remove the header", "Make a new app: a clock",
        "Do something else",
        "Entferne die Seitenleiste", "Bitte die Liste löschen", "Mach es einfacher: vereinfache alles",
        "Fang von vorne an",
        "Die Karte entfernen", "Supprime la liste", "Recommence à zéro", "Tu peux enlever le titre ? Enlève-le",
        "Quita la lista",
        "Empieza de nuevo", "Elimina el pie", "删除侧边栏", "请重写", "サイドバーを削除してください", "Remova a lista", "Rimuovi il titolo",
    ])
    func expectsLessWhereThePromptAsksForIt(prompt: String) {
        #expect(!Shrinkage.isSuspicious(new: "a\n", previous: Self.long, prompt: prompt))
    }

    @Test(arguments: [
        "", "Make the title blue", "Add a delete button", "Add a button to delete items", "Let users remove cards",
        "The delete icon should be red", "Add drag and drop", "Add a drop shadow",
        "It should be possible to clear the list",
        "Add a reset button", "Delete button in red please", "Füge einen Knopf zum Löschen hinzu",
        "Man soll Karten löschen können",
        "Ajoute un bouton pour supprimer", "Añade un botón para borrar", "添加删除按钮", "削除ボタンを追加", "Fix the bug",
        "Show how many are removed", "What does this button do?", "Replace button with rounded corners",
    ])
    func asksWhereThePromptOnlySpeaksOfIt(prompt: String) {
        #expect(Shrinkage.isSuspicious(new: "a\n", previous: Self.long, prompt: prompt))
    }
}
