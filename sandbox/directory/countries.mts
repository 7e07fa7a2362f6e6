import type { CountryCode } from 'libphonenumber-js/max';

export interface Country {
	readonly code: CountryCode;
	readonly name: string;
	readonly city: string;
	readonly office: string;
	readonly language: string;
	/** Ten first names and nine last names: eighteen people are eighteen different pairs. */
	readonly firstNames: readonly string[];
	readonly lastNames: readonly string[];
	/**
	 * National number of a fixed line without its last two digits. Ranges that regulators set aside
	 * for film and print where there are such ranges (SE, DE, FR, GB, US), otherwise the placeholder
	 * numbers of Google's phone metadata.
	 */
	readonly fixedStem: string;
	/** The same for mobiles; absent: the placeholder number of the metadata is used. */
	readonly mobileStem?: string;
}

const words = (text: string) => text.split(' ');

export const COUNTRIES: readonly Country[] = [
	{
		code: 'SE',
		name: 'Sweden',
		city: 'Göteborg',
		office: 'Göteborg HQ',
		language: 'sv-SE',
		firstNames: words('Anna Björn Cecilia David Åsa Fredrik Gunilla Håkan Ingrid Jörgen'),
		lastNames: words('Lindqvist Åkesson Bergström Öberg Sjögren Nyström Ekdahl Hägg Wallin'),
		fixedStem: '8465004',
		mobileStem: '7017406',
	},
	{
		code: 'NO',
		name: 'Norway',
		city: 'Oslo',
		office: 'Oslo',
		language: 'nb-NO',
		firstNames: words('Ola Kari Øystein Ragnhild Håvard Solveig Bjørn Liv Trygve Åse'),
		lastNames: words('Hansen Bråten Søraas Lødøen Vik Ødegård Næss Bakke Strøm'),
		fixedStem: '212345',
	},
	{
		code: 'DK',
		name: 'Denmark',
		city: 'København',
		office: 'København',
		language: 'da-DK',
		firstNames: words('Mette Søren Lærke Jørgen Kirsten Rasmus Åge Birgitte Nikolaj Signe'),
		lastNames: words('Jensen Sørensen Kjær Brøndum Skov Højgaard Møller Thygesen Bæk'),
		fixedStem: '321234',
	},
	{
		code: 'FI',
		name: 'Finland',
		city: 'Tampere',
		office: 'Tampere',
		language: 'fi-FI',
		firstNames: words('Aino Väinö Päivi Jukka Eeva Mikko Hilkka Antti Säde Olli'),
		lastNames: words(
			'Korhonen Mäkinen Nieminen Hämäläinen Laine Järvinen Lehtonen Kärkkäinen Salo',
		),
		fixedStem: '1312345',
	},
	{
		code: 'DE',
		name: 'Germany',
		city: 'Berlin',
		office: 'Berlin Mitte',
		language: 'de-DE',
		firstNames: words('Jürgen Käthe Matthias Sabine Günther Ulrike Bärbel Sören Heike Lothar'),
		lastNames: words('Müller Weiß Schröder Groß Köhler Jäger Strauß Böhm Vogel'),
		fixedStem: '30231250',
	},
	{
		code: 'FR',
		name: 'France',
		city: 'Lyon',
		office: 'Lyon Part-Dieu',
		language: 'fr-FR',
		firstNames: words('Éloïse Benoît Anaïs François Hélène Jérôme Maëlle Loïc Zoé Grégoire'),
		lastNames: words('Lefèvre Garçon Béranger Noël Châtelain Dubois Forêt Mercier Rousseau'),
		fixedStem: '1990000',
	},
	{
		code: 'GB',
		name: 'United Kingdom',
		city: 'London',
		office: 'London Bridge',
		language: 'en-GB',
		firstNames: words('Oliver Amelia Rhys Isla Callum Imogen Priya Angus Freya Tariq'),
		lastNames: words("O'Connor Whitfield MacLeod D'Souza Ashworth Pryce Okafor Hargreaves Lloyd"),
		fixedStem: '20794600',
	},
	{
		code: 'US',
		name: 'United States',
		city: 'Washington',
		office: 'Washington DC',
		language: 'en-US',
		firstNames: words('Megan Adele Marcus Lynne Diego Grace Isaiah Joni Patti Henrietta'),
		lastNames: words("Bowen Vance Siciliani Robbins Wilber Fernandez O'Leary Sherman Mueller"),
		fixedStem: '20255501',
	},
	{
		code: 'ES',
		name: 'Spain',
		city: 'Málaga',
		office: 'Málaga',
		language: 'es-ES',
		firstNames: words('José Begoña Íñigo Lucía Andrés Nuria Óscar Inés Raúl Ángela'),
		lastNames: words('Muñoz Ibáñez Peña Gutiérrez Núñez Castaño Cebrián Ordóñez Vidal'),
		fixedStem: '8101234',
	},
	{
		code: 'PL',
		name: 'Poland',
		city: 'Łódź',
		office: 'Łódź',
		language: 'pl-PL',
		firstNames: words('Łukasz Zofia Paweł Małgorzata Bożena Grzegorz Jagoda Kazimierz Róża Święto'),
		lastNames: words('Żółkiewski Wójcik Dąbek Szczęsny Śliwa Grabowska Łącki Mazur Ćwik'),
		fixedStem: '1234567',
	},
	{
		code: 'IN',
		name: 'India',
		city: 'Pune',
		office: 'Pune Campus',
		language: 'en-IN',
		firstNames: words('Aarav Ishita Rohan Kavya Vikram Meera Sanjay Divya Arjun Lakshmi'),
		lastNames: words('Sharma Iyer Deshmukh Nair Kulkarni Reddy Bhatt Menon Joshi'),
		fixedStem: '74104101',
	},
	{
		code: 'BR',
		name: 'Brazil',
		city: 'São Paulo',
		office: 'São Paulo',
		language: 'pt-BR',
		firstNames: words('João Conceição Luís Inês Antônio Graça Caetano Flávia Tomás Íris'),
		lastNames: words('Gonçalves Araújo Simões Brandão Assunção Leitão Falcão Mourão Prado'),
		fixedStem: '11234567',
	},
];

export const DEPARTMENTS = [
	'Sales',
	'Support',
	'Finance',
	'Engineering',
	'Human Resources',
	'R&D',
] as const;

export const JOB_TITLES: Record<(typeof DEPARTMENTS)[number], readonly string[]> = {
	Sales: ['Account Manager', 'Sales Lead', 'Key Account Manager'],
	Support: ['Support Agent', 'Team Lead, Support', 'Service Desk Agent'],
	Finance: ['Controller', 'Accountant', 'Payroll Specialist'],
	Engineering: ['Software Engineer', 'Test Engineer', 'Site Reliability Engineer'],
	'Human Resources': ['HR Partner', 'Recruiter', 'Learning & Development Lead'],
	'R&D': ['Researcher', 'Laboratory Engineer', 'Head of R&D'],
};
