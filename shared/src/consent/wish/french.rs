//! French. Apostrophes are gone: `m'envoyer` is one word.

use super::pattern::Language;

pub(super) static FRENCH: Language = Language {
    lead: "sil s il vous te plait svp stp merci de bonjour bonsoir salut je j veux voudrais souhaite aimerais veuillez \
        pouvez pourriez peux nous bien vouloir priere ok comment puis dois ca suffit assez jaimerais maintenant",
    conjunctions: "et mais alors donc",
    qualifiers: "de des du les le la l ces ce vos votre tes mes mon ma en recevoir recevoir avoir plus aucun aucune \
        tous toutes tout autre autres d sur nos leurs menvoyer nouveaux par",
    nouns: "message messages sms texto textos mail mails email emails courriel courriels demail demails newsletter \
        newsletters pub pubs publicite publicites notifications promotions promos spam offres",
    tail: "svp stp merci sil s il vous te plait maintenant tout immediatement definitivement de suite please enfin",
    other: "rendez rdv commande reservation facture avant jusqua velo assurance",
    bare: &[
        "stop|arret|arretez|arrete|arreter|stoppez|cessez|desabonner|desinscrire|desabonnement|desinscription $",
        "?me desabonner|desinscrire $",
    ],
    requests: &[
        "arretez|arrete|arreter|cessez|cesse|cesser|stoppez|stop ?svp de|d menvoyer|mecrire|mexpedier|menvoyez",
        "arretez|arrete|arreter|cessez|cesse|cesser|stoppez de me|nous texter|ecrire|envoyer|spammer|mailer",
        "arretez|arrete|arreter|cessez|cesse|cesser|stoppez denvoyer|decrire % #",
        "arretez|arrete|arreter|cessez|cesse|cesser|stoppez|stoppe|stopper|stop ?avec|a|aux % #",
        "ne ?me ?mes mecrivez|mecris|mecrire|ecrivez|textez plus|jamais|pas",
        "mecrivez|mecris plus|jamais",
        "ne menvoyez|menvoie|menvoies|envoyez|mexpediez plus|pas|jamais % #",
        "ne menvoyez|menvoie|menvoies|mexpediez plus|jamais ?rien $",
        "menvoyez|menvoie plus|jamais % #",
        "ne plus menvoyer|mecrire|recevoir % #",
        "ne plus mecrire",
        "plus|aucun|aucune|jamais % # $",
        "plus|aucun|aucune|jamais % # ni|et|ou % #",
        "ne|n veux|souhaite|desire|voudrais|souhaitons|voulons plus|pas|aucun % #",
        "veux|souhaite plus|pas % #",
        "?me desabonner|desinscrire ?moi de|des|du|a|svp|sil|immediatement|maintenant",
        "me|nous desabonner|desinscrire",
        "desabonnez|desinscrivez|desabonne|desinscris ?moi|nous|mon",
        "annuler|annulez|resilier|resiliez mon|labonnement|labonnement|mon abonnement|inscription|#",
        "retirez|retire|retirer|supprimez|supprime|supprimer|enlevez|enleve|enlever|otez|sortez|effacez moi|me de|des",
        "retirez|retire|supprimez|supprime|enlevez|enleve|effacez|effacer|supprimer|retirer mon|ce|cette|mes \
         numero|adresse|mail|email|nom|contact|coordonnees",
        "me|moi retirer|enlever|supprimer de|des",
        "revoque|retire mon consentement",
    ],
    everyone: &[
        "ne me|nous contactez|contacte|derangez|derange|recontactez|sollicitez|harcelez plus|jamais|pas",
        "ne plus me|nous contacter|deranger|solliciter",
        "arretez|arrete|cessez|cesse de me|nous contacter|deranger|harceler|solliciter",
        "laissez|laisse|foutez|fichez moi|nous tranquille|en|la",
        "ne veux|souhaite plus|pas etre contacte|contactee|derange|derangee|sollicite|sollicitee",
        "ne veux|souhaite plus ?jamais entendre parler",
    ],
    calls: &["ne mappelez|mappelle plus|pas|jamais", "arretez|arrete de mappeler"],
};
