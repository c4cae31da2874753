//! Spanish.

use super::pattern::Language;

pub(super) static SPANISH: Language = Language {
    lead: "por favor quiero quisiera deseo necesito hola me gustaria favor ya oigan oye solo les le pido pedimos ruego \
        solicito que ustedes usted como puedo puede pueden podrian podria ok buenos dias tardes buenas gracias senores \
        nunca gustaria favorcito",
    conjunctions: "y pero entonces",
    qualifiers: "los las mi mis la el de del sus su tus tu mas estos esos estas tantos todos todas recibir recibiendo \
        seguir con a me mas ningun ninguno otro otros",
    nouns: "suscripcion mensaje mensajes mensajitos textos texto sms notificaciones promociones ofertas correo correos \
        email emails mail mails publicidad boletin boletines newsletter spam alertas anuncios",
    tail: "ya todo por favor gracias ahora mismo inmediatamente de una vez please mas",
    other: "cita reserva pedido espera seguro plan factura bici bicicleta antes hasta",
    bare: &[
        "alto|basta|paren|pare|parar|detener|detente|detengan|detenganse|desuscribir|desuscribirme $",
        "no mas $",
    ],
    requests: &[
        "no ?mas me escriban|escriba|escribas|texteen|textees",
        "no me escriban|escriba|escribas mas",
        "no me envien|envie|envies|manden|mande|mandes % #",
        "no me envien|envie|envies|manden|mande|mandes mas|nada $",
        "no ?me vuelvan|vuelva|vuelvas|vuelvan a escribirme|enviarme|mandarme|escribir|textearme",
        "deja|deje|dejen|dejad|para|pare|paren|parad de escribirme|enviarme|mandarme|textearme|escribirnos|mandarnos",
        "deja|deje|dejen|dejad|para|pare|paren de escribir|enviar|mandar % #",
        "deja|deje|dejen|dejad|para|pare|paren de escribir|enviar|mandar $",
        "no quiero|deseo|queremos|necesito % #",
        "no quiero|deseo|queremos que me escriban|manden|envien|texteen",
        "no|ni mas % #",
        "basta|alto de|a|con % #",
        "cancelar|cancela|cancele|cancelen|cancelo|detengo|detener|detengan|detenga|parar|paren|pare|suspender|suspendan % #",
        "dar|dame|darme|denme|deme|den|darnos|darse ?me de baja",
        "desuscribir|desuscribirme|desuscribanme|desuscribeme|desinscribirme|desinscribanme",
        "anular|anulen|anule % suscripcion",
        "quitame|quitenme|quiteme|eliminame|eliminenme|borrame|borrenme|sacame|saquenme|saqueme|retirenme|retirame de",
        "borren|borra|borre|eliminen|elimina|elimine|quiten|quita mi|este numero|correo|email|telefono",
        "salir de la|su lista",
        "revoco|retiro mi consentimiento",
    ],
    everyone: &[
        "no me contacten|contacte|contactes|contacteis|molesten|moleste|molestes|busquen",
        "no ?me vuelvan|vuelva|vuelvas a contactarme|contactar|molestarme|molestar|buscarme",
        "dejame|dejenme|dejeme|dejadme en paz|tranquilo|tranquila",
        "no se comuniquen|comunique conmigo",
        "deja|deje|dejen|dejad|paren|pare de contactarme|molestarme|acosarme|buscarme",
        "no quiero|deseo que me contacten|molesten|busquen",
        "no quiero|deseo ser contactado|contactada",
    ],
    calls: &["no me llamen|llame|llames", "dejen|deje|deja de llamarme", "no vuelvan|vuelva a llamarme"],
};
