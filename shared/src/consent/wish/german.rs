//! German, with umlauts and without, and with `ss` as one letter where it was `ß`.

use super::pattern::Language;

pub(super) static GERMAN: Language = Language {
    lead: "bitte ich will mochte moechte wurde wuerde gerne gern hallo guten tag moin ja danke kann konnen koennen sie \
        konnten koennten konnt ihr du wie jetzt sofort mir uns hiermit ok wollen wir nochmal endlich euch dringend",
    conjunctions: "und aber also dann",
    qualifiers: "die der den das diese dieser diesen dieses eure euren eurer ihre ihren ihrer weiteren weitere werbe \
        mehr mir uns von euch ihnen per als irgendwelche solche alle meine mein mit deine deinen zu",
    nouns: "sms nachricht nachrichten mail mails email emails newsletter werbung werbemails werbesms spam textnachrichten \
        textnachricht benachrichtigungen mitteilungen mailings rundmails abo abonnement werbenachrichten",
    tail: "bitte danke jetzt sofort endlich mehr alles mir an ab",
    other: "termin bestellung reservierung buchung rechnung vor bis rad fahrrad versicherung warteliste",
    bare: &[
        "stop|stopp|stoppen|abmelden|abmeldung|abbestellen|aufhoren|aufhoeren|schluss|austragen|abbestellung $",
        "hort|hore|horen|hor|hoert|hoeren|hoer ?sie ?bitte ?endlich auf ?damit $",
    ],
    requests: &[
        "hort|hore|horen|hor|hoert|hoeren|hoer ?sie ?bitte ?endlich auf ?bitte ?damit mir|uns",
        "hort|hore|horen|hor|hoert|hoeren|hoer ?sie ?bitte ?endlich auf ?bitte ?mit % #",
        "keine|keinerlei|nie|niemals % # $",
        "keine|keinerlei % # und|oder|noch ?keine % #",
        "keine|keinerlei|nie % # mehr|schicken|senden|erhalten|bekommen|zuschicken|empfangen|von",
        "schickt|schicken|schick|schicke|sendet|senden|sende ?sie ?mir|uns ?bitte keine|keinerlei|nie % #",
        "schickt|schicken|schick|schicke|sendet|senden|sende ?sie ?mir|uns ?bitte nichts|nie|nicht mehr|wieder",
        "schreibt|schreiben|schreib|schreibe ?sie ?mir|uns ?bitte nicht|nie|niemals|keine",
        "nicht|nichts|nie mehr|wieder schreiben|anschreiben|schicken|geschrieben",
        "?mich|uns ?bitte ?von|vom|aus ?dem|der|den|eurer|ihrer|diesem % #|verteiler|liste abmelden|austragen|loschen",
        "mich|uns ?bitte ?sofort abmelden|austragen",
        "melden|meldet|melde|meld ?sie mich ?bitte % ?von|vom|ab",
        "nehmen|nehmt|nimm|streichen|streicht|loschen|loscht|loesche|loeschen|loescht|entfernen|entfernt|tragen|tragt \
         ?sie ?bitte mich ?bitte aus|von|vom",
        "streichen|streicht|loschen|loscht|loeschen|loescht|entfernen|entfernt|losche ?sie ?bitte meine|diese|die \
         nummer|rufnummer|handynummer|telefonnummer|adresse|mailadresse|emailadresse|mail|email|daten",
        "stoppt|stoppen|stopp|stop|beendet|beenden|unterlassen|unterlasst ?sie ?bitte % #",
        "% # ?bitte abbestellen|abmelden|stoppen|beenden|einstellen|kundigen|kuendigen",
        "widerrufe|widerrufen ?hiermit meine|unsere einwilligung|zustimmung",
        "aus ?dem|eurem|ihrem verteiler|newsletter",
    ],
    everyone: &[
        "kontaktieren|kontaktiert|kontaktiere|belastigt|belastigen|belaestigt|belaestigen ?sie mich|uns ?bitte \
         nicht|nie|niemals",
        "lasst|lassen|lass ?sie mich|uns ?bitte ?endlich in ruhe|frieden",
        "nicht|nie mehr|wieder kontaktieren|kontaktiert|belastigt|angeschrieben",
        "hort|hore|horen|hor|hoert|hoeren ?sie ?bitte auf ?bitte mich|uns zu kontaktieren|belastigen|nerven",
    ],
    calls: &["ruft|rufen|ruf ?sie mich ?bitte nicht|nie"],
};
