-- Words and helpers from which the rows are made; dropped when the rows are there.
-- Everything hangs on hashes of row numbers: the same rows on every machine, and no random().
create schema seed;

-- sample.rows is 'few' or 'all'.
create function seed.rows(all_of_them integer, few integer) returns integer language sql stable
  as $$ select case when current_setting('sample.rows', true) = 'few' then few else all_of_them end $$;
-- A number from 0 to below that looks random but belongs to (i, salt).
create function seed.h(i bigint, salt integer, below bigint) returns bigint language sql immutable parallel safe
  as $$ select (hashint8extended(i, salt) & 4611686018427387903) % below $$;
create function seed.pick(words text[], i bigint, salt integer) returns text language sql immutable parallel safe
  as $$ select words[1 + (hashint8extended(i, salt) & 4611686018427387903) % cardinality(words)] $$;

create table seed.culture (
  id integer primary key,
  country char(2),
  language char(2),
  family_first boolean,
  first_names text[],
  last_names text[],
  ascii_names text[],
  cities text[],
  streets text[],
  longitude double precision,
  latitude double precision
);
insert into seed.culture values
(0, 'DE', 'de', false, '{Anna,Jürgen,Lena,Björn,Käthe,Matthias,Sabine,Uwe,Friederike,Götz,Änne,Tobias}',
  '{Müller,Schröder,Weiß,Krüger,von Hohenfels,Özdemir,Köhler,Bauer,Löwe,Groß,Meyer-Landrut,Fuchs}', '{anna,juergen,lena,bjoern,kaethe,matthias,sabine,uwe}',
  '{Berlin,München,Köln,Düsseldorf,Nürnberg,Görlitz,Lübeck,Leipzig}', '{Hauptstraße,Lindenallee,Am Mühlbach,Königsplatz,Goethestraße,Bahnhofstraße}', 10.4, 51.2),
(1, 'FR', 'fr', false, '{Amélie,François,Chloé,Gérard,Zoé,Jérôme,Noël,Océane,Léa,Benoît}',
  '{Lefèvre,Dubois,Moreau,Bélanger,d''Aubigné,Garçon,Marchand,L''Hôpital,Béranger,Petit}', '{amelie,francois,chloe,gerard,zoe,jerome,noel,oceane}',
  '{Paris,Lyon,Orléans,Besançon,Saint-Étienne,Nîmes,Angoulême}', '{rue de l''Église,avenue Victor-Hugo,place du Marché,impasse des Cèdres,boulevard Gambetta}', 2.6, 46.7),
(2, 'IT', 'it', false, '{Giulia,Niccolò,Beatrice,Matteo,Eleonora,Gesù,Lucia,Raffaele}',
  '{Rossi,Bianchi,D''Amico,Colombo,De Luca,Ferrari,Nicolò,Marchetti}', '{giulia,niccolo,beatrice,matteo,eleonora,lucia,raffaele}',
  '{Roma,Milano,Forlì,Torino,Bologna,Cantù,Palermo}', '{Via Garibaldi,Piazza Dante,Corso Italia,Viale della Libertà}', 12.5, 42.8),
(3, 'PL', 'pl', false, '{Małgorzata,Paweł,Zofia,Łukasz,Agnieszka,Wojciech,Żaneta,Stanisław}',
  '{Wiśniewski,Kowalczyk,Dąbrowska,Zieliński,Szczepańska,Wójcik,Krawczyk,Łuczak}', '{malgorzata,pawel,zofia,lukasz,agnieszka,wojciech,zaneta}',
  '{Warszawa,Kraków,Łódź,Gdańsk,Wrocław,Poznań,Rzeszów}', '{ul. Długa,ul. Świętokrzyska,aleja Róż,ul. Mickiewicza}', 19.4, 52.1),
(4, 'UA', 'uk', false, '{Олена,Тарас,Ірина,Юрій,Оксана,Богдан,Наталія,Андрій}',
  '{Шевченко,Коваленко,Бондаренко,Ткаченко,Кравчук,Мельник,Лисенко}', '{olena,taras,iryna,yurii,oksana,bohdan,natalia,andrii}',
  '{Київ,Львів,Одеса,Харків,Чернівці,Полтава}', '{вулиця Хрещатик,вулиця Франка,проспект Свободи}', 31.3, 49.0),
(5, 'GR', 'el', false, '{Ελένη,Γιώργος,Μαρία,Δημήτρης,Αικατερίνη,Νίκος,Σοφία}',
  '{Παπαδόπουλος,Αγγελοπούλου,Νικολάου,Οικονόμου,Γεωργίου,Αθανασίου}', '{eleni,giorgos,maria,dimitris,katerina,nikos,sofia}',
  '{Αθήνα,Θεσσαλονίκη,Πάτρα,Ηράκλειο,Βόλος}', '{Οδός Ερμού,Λεωφόρος Αλεξάνδρας,Πλατεία Αριστοτέλους}', 22.9, 39.1),
(6, 'IL', 'he', false, '{נועה,דוד,תמר,יוסף,שירה,אברהם,מיכל,אליהו}',
  '{כהן,לוי,מזרחי,פרץ,ביטון,אברהמי,בן־דוד}', '{noa,david,tamar,yosef,shira,avraham,michal,eliyahu}',
  '{ירושלים,"תל אביב-יפו",חיפה,באר שבע,אשדוד}', '{"רחוב הרצל","שדרות רוטשילד","רחוב בן יהודה"}', 34.9, 31.8),
(7, 'EG', 'ar', false, '{فاطمة,محمد,ليلى,يوسف,مريم,عمر,نور,خالد}',
  '{حسن,عبد الرحمن,السيد,المصري,منصور,إبراهيم,الشريف}', '{fatima,mohamed,layla,youssef,mariam,omar,nour,khaled}',
  '{القاهرة,الإسكندرية,الجيزة,أسوان,الأقصر,بورسعيد}', '{"شارع التحرير","شارع النيل","ميدان طلعت حرب"}', 31.2, 29.5),
(8, 'JP', 'ja', true, '{陽子,健太,さくら,翔太,美咲,大輔,直美,一郎}',
  '{佐藤,鈴木,高橋,田中,渡辺,伊藤,山本,齋藤}', '{yoko,kenta,sakura,shota,misaki,daisuke,naomi,ichiro}',
  '{東京,大阪,京都,札幌,福岡,名古屋,那覇}', '{本町,中央区銀座,北区梅田,東山区祇園町}', 138.3, 36.2),
(9, 'CN', 'zh', true, '{秀英,伟,芳,娜,敏,静,强,磊}', '{王,李,张,刘,陈,杨,欧阳,司马}', '{xiuying,wei,fang,na,min,jing,qiang,lei}',
  '{北京,上海,广州,深圳,成都,西安,乌鲁木齐}', '{人民路,解放路,中山路,建设街}', 113.3, 31.0),
(10, 'KR', 'ko', true, '{지우,민준,서연,도윤,하은,준서,수아}', '{김,이,박,최,정,강,남궁}', '{jiwoo,minjun,seoyeon,doyun,haeun,junseo,sua}',
  '{서울,부산,대구,인천,광주,제주}', '{세종대로,테헤란로,종로}', 127.8, 36.4),
(11, 'BR', 'pt', false, '{João,Conceição,Inês,Tomás,Luíza,Antônio,Sebastião,Márcia}',
  '{Gonçalves,Araújo,Magalhães,da Silva,Conceição,Simões,dos Santos}', '{joao,conceicao,ines,tomas,luiza,antonio,sebastiao}',
  '{São Paulo,Rio de Janeiro,Brasília,Florianópolis,Belém,Maceió}', '{Avenida Paulista,Rua das Flores,Travessa São João,Praça da Sé}', -47.9, -15.8),
(12, 'GB', 'en', false, '{Olivia,George,Siân,Rhys,Imogen,Alasdair,Zoë,Oluwaseun,Priya,Hamish}',
  '{Smith,O''Neill,MacGregor,Llewellyn,Featherstonehaugh,Okonkwo,Patel,Brontë,"Null",Jones}', '{olivia,george,sian,rhys,imogen,alasdair,zoe,seun,priya,hamish}',
  '{London,Manchester,Ynys Môn,Edinburgh,Newcastle upon Tyne,Bath}', '{High Street,St Mary''s Lane,The Crescent,Station Road,Mill Hill}', -1.6, 52.8),
(13, 'US', 'en', false, '{Emma,José,Liam,Renée,Noah,Sofía,Ava,Tyrone,Kai}',
  '{Johnson,Núñez,Williams,Nguyễn,Brown,Peña,Garcia,Kawānanakoa}', '{emma,jose,liam,renee,noah,sofia,ava,tyrone,kai}',
  '{New York,San José,Chicago,Coeur d''Alene,Houston,Portland,Hāna}', '{Main Street,Oak Avenue,5th Avenue,Elm Street,Martin Luther King Jr. Boulevard}', -96.8, 39.4),
(14, 'TR', 'tr', false, '{Ayşe,Mehmet,Gülşen,İbrahim,Çağla,Oğuz,Şule,Işıl}',
  '{Yılmaz,Öztürk,Şahin,Çelik,Doğan,Aydın,Kılıç}', '{ayse,mehmet,gulsen,ibrahim,cagla,oguz,sule,isil}',
  '{İstanbul,Ankara,İzmir,Eskişehir,Şanlıurfa,Muğla}', '{İstiklal Caddesi,Atatürk Bulvarı,Çiçek Sokağı}', 34.9, 39.1),
(15, 'IN', 'hi', false, '{अनन्या,आरव,प्रिया,राहुल,दीपिका,विजय,कविता}', '{शर्मा,सिंह,गुप्ता,वर्मा,पटेल,अय्यर}', '{ananya,aarav,priya,rahul,deepika,vijay,kavita}',
  '{मुंबई,दिल्ली,वाराणसी,जयपुर,लखनऊ}', '{महात्मा गांधी मार्ग,स्टेशन रोड,नेहरू नगर}', 78.9, 22.6),
(16, 'SE', 'sv', false, '{Astrid,Gösta,Åsa,Björn,Märta,Örjan,Linnéa}', '{Åkesson,Lindström,Öberg,Sjögren,Bergström,Ångström}', '{astrid,gosta,asa,bjorn,marta,orjan,linnea}',
  '{Stockholm,Göteborg,Malmö,Umeå,Örebro,Luleå}', '{Storgatan,Drottninggatan,Ängsvägen,Kungsgatan}', 16.7, 62.8);

-- What is sold: group, kind, names in other languages, lowest price, step, typical attributes.
create table seed.goods (
  id integer generated always as identity,
  grp text, kind text, de text, fr text, ja text, he text, ar text, zh text, low numeric, step numeric, attributes jsonb
);
insert into seed.goods (grp, kind, de, fr, ja, he, ar, zh, low, step, attributes) values
('Kitchen', 'chef''s knife', 'Kochmesser', 'couteau de chef', '牛刀', 'סכין שף', 'سكين الطاهي', '主厨刀', 24, 9, '{"blade_cm": 21, "steel": "X50CrMoV15"}'),
('Kitchen', 'cast-iron pan', 'Gusseisenpfanne', 'poêle en fonte', '鋳鉄フライパン', 'מחבת ברזל יצוק', 'مقلاة حديد', '铸铁锅', 32, 7, '{"diameter_cm": 28, "induction": true}'),
('Kitchen', 'kettle', 'Wasserkocher', 'bouilloire', 'やかん', 'קומקום', 'غلاية', '水壶', 19, 5, '{"litres": 1.7, "watts": 2200}'),
('Kitchen', 'espresso maker', 'Espressokocher', 'cafetière italienne', 'エスプレッソメーカー', 'מקינטה', 'صانعة إسبريسو', '摩卡壶', 21, 6, '{"cups": 6}'),
('Kitchen', 'tea bowl', 'Teeschale', 'bol à thé', '茶碗', 'קערית תה', 'وعاء شاي', '茶碗', 12, 4, '{"material": "stoneware", "hand_made": true}'),
('Furniture', 'desk lamp', 'Schreibtischlampe', 'lampe de bureau', 'デスクランプ', 'מנורת שולחן', 'مصباح مكتب', '台灯', 39, 11, '{"watts": 8, "kelvin": [2700, 4000]}'),
('Furniture', 'bookshelf', 'Bücherregal', 'bibliothèque', '本棚', 'כוננית ספרים', 'رف كتب', '书架', 119, 25, '{"shelves": 5, "wood": "oak"}'),
('Furniture', 'armchair', 'Sessel', 'fauteuil', '肘掛け椅子', 'כורסה', 'كرسي بذراعين', '扶手椅', 229, 45, '{"fabric": "wool", "colours": ["moss", "rust", "ink"]}'),
('Furniture', 'rug', 'Teppich', 'tapis', '絨毯', 'שטיח', 'سجادة', '地毯', 89, 35, '{"knots_per_m2": 120000}'),
('Garden', 'pruning shears', 'Gartenschere', 'sécateur', '剪定ばさみ', 'מזמרה', 'مقص تقليم', '修枝剪', 17, 6, '{"left_handed": false}'),
('Garden', 'watering can', 'Gießkanne', 'arrosoir', 'じょうろ', 'משפך', 'مرشة', '洒水壶', 15, 3, '{"litres": 9}'),
('Garden', 'hammock', 'Hängematte', 'hamac', 'ハンモック', 'ערסל', 'أرجوحة شبكية', '吊床', 49, 12, '{"max_kg": 180}'),
('Books', 'atlas', 'Atlas', 'atlas', '地図帳', 'אטלס', 'أطلس', '地图集', 35, 8, '{"pages": 416, "binding": "cloth"}'),
('Books', 'cookbook', 'Kochbuch', 'livre de cuisine', '料理本', 'ספר בישול', 'كتاب طبخ', '食谱', 22, 4, '{"pages": 288}'),
('Books', 'dictionary', 'Wörterbuch', 'dictionnaire', '辞書', 'מילון', 'قاموس', '词典', 28, 5, '{"entries": 120000}'),
('Bicycles', 'touring bicycle', 'Reiserad', 'vélo de randonnée', 'ツーリング自転車', 'אופני טיול', 'دراجة سياحية', '旅行自行车', 890, 140, '{"gears": 27, "frame": "steel"}'),
('Bicycles', 'saddle', 'Sattel', 'selle', 'サドル', 'אוכף', 'سرج', '车座', 45, 15, '{"leather": true}'),
('Bicycles', 'pannier', 'Packtasche', 'sacoche', 'パニアバッグ', 'תיק אופניים', 'حقيبة دراجة', '驮包', 59, 10, '{"litres": 20, "waterproof": true}'),
('Sound', 'headphones', 'Kopfhörer', 'casque audio', 'ヘッドホン', 'אוזניות', 'سماعات', '耳机', 79, 30, '{"ohms": 80, "wireless": false}'),
('Sound', 'record player', 'Plattenspieler', 'tourne-disque', 'レコードプレーヤー', 'פטיפון', 'مشغل أسطوانات', '唱机', 199, 60, '{"rpm": [33.3, 45, 78]}'),
('Outdoor', 'tent', 'Zelt', 'tente', 'テント', 'אוהל', 'خيمة', '帐篷', 189, 50, '{"persons": 2, "seasons": 3}'),
('Outdoor', 'sleeping bag', 'Schlafsack', 'sac de couchage', '寝袋', 'שק שינה', 'كيس نوم', '睡袋', 99, 30, '{"comfort_c": -4}'),
('Outdoor', 'pocket compass', 'Taschenkompass', 'boussole de poche', '方位磁針', 'מצפן כיס', 'بوصلة جيب', '袖珍罗盘', 18, 6, '{"declination": true}'),
('Stationery', 'fountain pen', 'Füllfederhalter', 'stylo-plume', '万年筆', 'עט נובע', 'قلم حبر', '钢笔', 26, 18, '{"nib": "F"}'),
('Stationery', 'notebook', 'Notizbuch', 'carnet', '手帳', 'מחברת', 'دفتر', '笔记本', 9, 2, '{"pages": 192, "ruling": "dots"}');

create function seed.person(i bigint) returns text language sql stable as $$
  select case when c.family_first then seed.pick(c.last_names, i, 2) || ' ' || seed.pick(c.first_names, i, 1)
              else seed.pick(c.first_names, i, 1) || ' ' || seed.pick(c.last_names, i, 2) end
  from seed.culture c where c.id = seed.h(i, 0, 17)
$$;

-- The million rows come in pieces, so that the progress bar moves.
create function seed.tracking_events(first bigint, last bigint) returns void language sql as $$
  insert into logistics.tracking_event
  select i,
    (array['Scanned at the conveyor', 'Picked up by the driver', 'Handed over to the carrier', 'Angekommen im Umschlagzentrum', 'Sorti du centre de tri', '通関手続きが完了しました', 'הגיע למרכז המיון', 'وصل إلى مركز الفرز', 'Held at customs: papers missing', 'Delivered to a neighbour', 'Doręczono do punktu odbioru', 'Out for delivery'])[1 + (h & 1023) % 12]
      || ', ' || (array['Hamburg', 'Lyon', 'Wrocław', 'Milano', 'Göteborg', '大阪', 'الإسكندرية', 'תל אביב-יפו', 'Newark', 'São Paulo', 'Manchester', '上海'])[1 + (h >> 10 & 1023) % 12],
    ((h >> 3 & 32767) + 50) / 1000.0,
    timestamptz '2025-07-01 00:00:00+00' + i * interval '43.123457 seconds',
    ('{"parcel": ' || (1 + i % 117000) || ', "scanner": "S-' || lpad((h >> 12 & 4095)::text, 4, '0') || '", "belt": ' || (h >> 24 & 15) || ', "ok": ' || case when h & 127 = 0 then 'false, "code": "E' || (h >> 7 & 7) || '"' else 'true' end || '}')::jsonb,
    (lpad(to_hex(h), 16, '0') || lpad(to_hex(h # 6148914691236517205), 16, '0'))::uuid,
    h & 127 = 0,
    case when h & 3 > 0 then -20 + (h >> 20 & 1048575) / 17476.0 end,
    date '2025-07-03' + (i / 2000)::int,
    array[1 + (h & 15) % 12, 1 + (h >> 4 & 15) % 12, 1 + (h >> 8 & 15) % 12]::int[],
    decode(lpad(to_hex(h), 16, '0') || lpad(to_hex(h # 1311768467463790320), 16, '0'), 'hex'),
    case h >> 30 & 7 when 0 then 'Left with the neighbour, 3rd floor' when 1 then 'Empfänger nicht angetroffen' when 2 then '' when 3 then 'see photo' end
  from (select i, hashint8extended(i, 7) & 4611686018427387903 as h from generate_series(first, last) i) source
$$;
