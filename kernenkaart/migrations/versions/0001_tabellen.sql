-- The tables as of version 0001. Later versions change them; this file stays as it is.

CREATE TABLE activiteit_soort (
    id SERIAL NOT NULL,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    volgorde INTEGER DEFAULT '0' NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_activiteit_soort PRIMARY KEY (id),
    CONSTRAINT ck_activiteit_soort_code CHECK (code ~ '^[a-z0-9-]+$'),
    CONSTRAINT uq_activiteit_soort_code UNIQUE (code),
    CONSTRAINT uq_activiteit_soort_naam UNIQUE (naam)
);

CREATE TABLE data_versie (
    tabel VARCHAR(63) NOT NULL,
    vak INTEGER NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT pk_data_versie PRIMARY KEY (tabel, vak)
);

CREATE TABLE gemeente (
    id SERIAL NOT NULL,
    code VARCHAR(20) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    grens geometry(MULTIPOLYGON,28992),
    CONSTRAINT pk_gemeente PRIMARY KEY (id),
    CONSTRAINT ck_gemeente_grens_geldig CHECK (ST_IsValid(grens)),
    CONSTRAINT uq_gemeente_code UNIQUE (code)
);
CREATE INDEX ix_gemeente_grens ON gemeente USING gist (grens);

CREATE TABLE initiatief_soort (
    id SERIAL NOT NULL,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    volgorde INTEGER DEFAULT '0' NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_initiatief_soort PRIMARY KEY (id),
    CONSTRAINT ck_initiatief_soort_code CHECK (code ~ '^[a-z0-9-]+$'),
    CONSTRAINT uq_initiatief_soort_code UNIQUE (code),
    CONSTRAINT uq_initiatief_soort_naam UNIQUE (naam)
);

CREATE TABLE journaal (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    op TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    gebruiker_id INTEGER,
    door VARCHAR(63) NOT NULL,
    tabel VARCHAR(63) NOT NULL,
    rij_id BIGINT,
    actie VARCHAR(1) NOT NULL,
    oud JSONB,
    nieuw JSONB,
    CONSTRAINT pk_journaal PRIMARY KEY (id),
    CONSTRAINT ck_journaal_actie CHECK (actie IN ('I', 'U', 'D'))
);
CREATE INDEX ix_journaal_op ON journaal (op);
CREATE INDEX ix_journaal_rij ON journaal (tabel, rij_id, id);

CREATE TABLE organisatie_soort (
    id SERIAL NOT NULL,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    volgorde INTEGER DEFAULT '0' NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_organisatie_soort PRIMARY KEY (id),
    CONSTRAINT ck_organisatie_soort_code CHECK (code ~ '^[a-z0-9-]+$'),
    CONSTRAINT uq_organisatie_soort_code UNIQUE (code),
    CONSTRAINT uq_organisatie_soort_naam UNIQUE (naam)
);

CREATE TABLE platform_soort (
    id SERIAL NOT NULL,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    volgorde INTEGER DEFAULT '0' NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_platform_soort PRIMARY KEY (id),
    CONSTRAINT ck_platform_soort_code CHECK (code ~ '^[a-z0-9-]+$'),
    CONSTRAINT uq_platform_soort_code UNIQUE (code),
    CONSTRAINT uq_platform_soort_naam UNIQUE (naam)
);

CREATE TABLE poging (
    id SERIAL NOT NULL,
    soort VARCHAR(20) NOT NULL,
    sleutel BYTEA NOT NULL,
    op TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_poging PRIMARY KEY (id)
);
CREATE INDEX ix_poging_telling ON poging (soort, sleutel, op);

CREATE TABLE project_soort (
    id SERIAL NOT NULL,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    volgorde INTEGER DEFAULT '0' NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_project_soort PRIMARY KEY (id),
    CONSTRAINT ck_project_soort_code CHECK (code ~ '^[a-z0-9-]+$'),
    CONSTRAINT uq_project_soort_code UNIQUE (code),
    CONSTRAINT uq_project_soort_naam UNIQUE (naam)
);

CREATE TABLE werkzaamheid_soort (
    id SERIAL NOT NULL,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    volgorde INTEGER DEFAULT '0' NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_werkzaamheid_soort PRIMARY KEY (id),
    CONSTRAINT ck_werkzaamheid_soort_code CHECK (code ~ '^[a-z0-9-]+$'),
    CONSTRAINT uq_werkzaamheid_soort_code UNIQUE (code),
    CONSTRAINT uq_werkzaamheid_soort_naam UNIQUE (naam)
);

CREATE TABLE wijzigingsverzoek (
    id SERIAL NOT NULL,
    laag VARCHAR(40) NOT NULL,
    ding_id INTEGER NOT NULL,
    tekst VARCHAR NOT NULL,
    antwoord_email VARCHAR(254),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    afgehandeld_op TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_wijzigingsverzoek PRIMARY KEY (id),
    CONSTRAINT ck_wijzigingsverzoek_tekst CHECK (length(tekst) BETWEEN 1 AND 2000)
);
CREATE INDEX ix_wijzigingsverzoek_ding ON wijzigingsverzoek (laag, ding_id);

CREATE TABLE gebied (
    id SERIAL NOT NULL,
    gemeente_id INTEGER NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    CONSTRAINT pk_gebied PRIMARY KEY (id),
    CONSTRAINT uq_gebied_gemeente_id_naam UNIQUE (gemeente_id, naam),
    CONSTRAINT fk_gebied_gemeente_id FOREIGN KEY(gemeente_id) REFERENCES gemeente (id)
);

CREATE TABLE organisatie (
    id SERIAL NOT NULL,
    soort_id INTEGER NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    telefoon VARCHAR,
    website VARCHAR,
    contact_email VARCHAR(254),
    actief BOOLEAN DEFAULT true NOT NULL,
    demo BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_organisatie PRIMARY KEY (id),
    CONSTRAINT fk_organisatie_soort_id FOREIGN KEY(soort_id) REFERENCES organisatie_soort (id),
    CONSTRAINT uq_organisatie_naam UNIQUE (naam)
);
CREATE INDEX ix_organisatie_soort_id ON organisatie (soort_id);

CREATE TABLE platform (
    id SERIAL NOT NULL,
    soort_id INTEGER NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    omschrijving VARCHAR,
    website VARCHAR,
    contact_rol VARCHAR,
    contact_telefoon VARCHAR,
    contact_email VARCHAR(254),
    zichtbaarheid VARCHAR(40) NOT NULL,
    actief BOOLEAN DEFAULT true NOT NULL,
    demo BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_platform PRIMARY KEY (id),
    CONSTRAINT fk_platform_soort_id FOREIGN KEY(soort_id) REFERENCES platform_soort (id),
    CONSTRAINT uq_platform_naam UNIQUE (naam),
    CONSTRAINT ck_platform_zichtbaarheid CHECK (zichtbaarheid IN ('openbaar', 'intern', 'verborgen'))
);
CREATE INDEX ix_platform_soort_id ON platform (soort_id);

CREATE TABLE gebruiker (
    id SERIAL NOT NULL,
    publiek_id UUID DEFAULT gen_random_uuid() NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    email VARCHAR(254) NOT NULL,
    rol VARCHAR(40) NOT NULL,
    functie VARCHAR,
    telefoon VARCHAR,
    organisatie_id INTEGER,
    password VARCHAR,
    active BOOLEAN NOT NULL,
    fs_uniquifier VARCHAR(64) NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    tf_primary_method VARCHAR(64),
    tf_totp_secret VARCHAR(255),
    mf_recovery_codes JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    demo BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_gebruiker PRIMARY KEY (id),
    CONSTRAINT ck_gebruiker_email_klein CHECK (email = lower(email)),
    CONSTRAINT ck_gebruiker_ketenpartner_organisatie CHECK (rol <> 'ketenpartner' OR organisatie_id IS NOT NULL),
    CONSTRAINT ck_gebruiker_rol_met_account CHECK (rol NOT IN ('bezoeker', 'inwoner')),
    CONSTRAINT uq_gebruiker_publiek_id UNIQUE (publiek_id),
    CONSTRAINT uq_gebruiker_email UNIQUE (email),
    CONSTRAINT ck_gebruiker_rol CHECK (rol IN ('bezoeker', 'inwoner', 'platformlid', 'ketenpartner', 'medewerker', 'gebiedsmakelaar', 'beheerder')),
    CONSTRAINT fk_gebruiker_organisatie_id FOREIGN KEY(organisatie_id) REFERENCES organisatie (id),
    CONSTRAINT uq_gebruiker_fs_uniquifier UNIQUE (fs_uniquifier)
);
CREATE INDEX ix_gebruiker_organisatie_id ON gebruiker (organisatie_id);

CREATE TABLE kern (
    id SERIAL NOT NULL,
    gemeente_id INTEGER NOT NULL,
    gebied_id INTEGER,
    code VARCHAR(40) NOT NULL,
    naam VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    slug VARCHAR(120) NOT NULL,
    soort VARCHAR(40) NOT NULL,
    omschrijving VARCHAR,
    grens geometry(MULTIPOLYGON,28992) NOT NULL,
    hart geometry(POINT,28992) NOT NULL,
    geom_3857 geometry(MULTIPOLYGON,3857) GENERATED ALWAYS AS (ST_Transform(grens, 3857)) STORED NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_kern PRIMARY KEY (id),
    CONSTRAINT uq_kern_gemeente_id_code UNIQUE (gemeente_id, code),
    CONSTRAINT uq_kern_gemeente_id_naam UNIQUE (gemeente_id, naam),
    CONSTRAINT ck_kern_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT ck_kern_grens_geldig CHECK (ST_IsValid(grens) AND NOT ST_IsEmpty(grens)),
    CONSTRAINT ck_kern_hart_binnen CHECK (ST_Intersects(grens, hart)),
    CONSTRAINT fk_kern_gemeente_id FOREIGN KEY(gemeente_id) REFERENCES gemeente (id),
    CONSTRAINT fk_kern_gebied_id FOREIGN KEY(gebied_id) REFERENCES gebied (id),
    CONSTRAINT uq_kern_slug UNIQUE (slug),
    CONSTRAINT ck_kern_soort CHECK (soort IN ('dorp', 'stad'))
);
CREATE INDEX ix_kern_gebied_id ON kern (gebied_id);
CREATE INDEX ix_kern_geom_3857 ON kern USING gist (geom_3857);
CREATE INDEX ix_kern_grens ON kern USING gist (grens);
CREATE INDEX ix_kern_naam_trgm ON kern USING gin (naam gin_trgm_ops);

CREATE TABLE platform_relatie (
    van_id INTEGER NOT NULL,
    naar_id INTEGER NOT NULL,
    soort VARCHAR(40) NOT NULL,
    CONSTRAINT pk_platform_relatie PRIMARY KEY (van_id, naar_id, soort),
    CONSTRAINT ck_platform_relatie_ander CHECK (van_id <> naar_id),
    CONSTRAINT fk_platform_relatie_van_id FOREIGN KEY(van_id) REFERENCES platform (id) ON DELETE CASCADE,
    CONSTRAINT fk_platform_relatie_naar_id FOREIGN KEY(naar_id) REFERENCES platform (id) ON DELETE CASCADE,
    CONSTRAINT ck_platform_relatie_soort CHECK (soort IN ('hoort_bij', 'werkt_samen', 'vertegenwoordigt'))
);
CREATE INDEX ix_platform_relatie_naar_id ON platform_relatie (naar_id);

CREATE TABLE activiteit (
    id SERIAL NOT NULL,
    platform_id INTEGER NOT NULL,
    soort_id INTEGER NOT NULL,
    titel VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    omschrijving VARCHAR DEFAULT '' NOT NULL,
    begint_op TIMESTAMP WITH TIME ZONE NOT NULL,
    eindigt_op TIMESTAMP WITH TIME ZONE NOT NULL,
    hele_dag BOOLEAN DEFAULT false NOT NULL,
    status VARCHAR(40) NOT NULL,
    reden VARCHAR,
    gemaakt_door_id INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    versie INTEGER DEFAULT '1' NOT NULL,
    sleutel UUID,
    demo BOOLEAN DEFAULT false NOT NULL,
    gemeente_id INTEGER NOT NULL,
    kern_id INTEGER,
    geom geometry(GEOMETRY,28992),
    plek_naam VARCHAR,
    punt geometry(POINT,28992) GENERATED ALWAYS AS (ST_PointOnSurface(geom)) STORED,
    geom_3857 geometry(GEOMETRY,3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    CONSTRAINT pk_activiteit PRIMARY KEY (id),
    CONSTRAINT ck_activiteit_tijden CHECK (eindigt_op > begint_op),
    CONSTRAINT ck_activiteit_titel CHECK (length(titel) BETWEEN 1 AND 200),
    CONSTRAINT ck_activiteit_plek CHECK (geom IS NOT NULL OR kern_id IS NOT NULL),
    CONSTRAINT ck_activiteit_geom_geldig CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NPoints(geom) <= 10000 AND ST_XMin(geom) >= -7000 AND ST_XMax(geom) <= 300000 AND ST_YMin(geom) >= 289000 AND ST_YMax(geom) <= 629000),
    CONSTRAINT fk_activiteit_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_activiteit_soort_id FOREIGN KEY(soort_id) REFERENCES activiteit_soort (id),
    CONSTRAINT ck_activiteit_status CHECK (status IN ('concept', 'gepubliceerd', 'afgelast', 'ingetrokken')),
    CONSTRAINT fk_activiteit_gemaakt_door_id FOREIGN KEY(gemaakt_door_id) REFERENCES gebruiker (id) ON DELETE SET NULL,
    CONSTRAINT uq_activiteit_sleutel UNIQUE (sleutel),
    CONSTRAINT fk_activiteit_gemeente_id FOREIGN KEY(gemeente_id) REFERENCES gemeente (id),
    CONSTRAINT fk_activiteit_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id)
);
CREATE INDEX ix_activiteit_begint_op ON activiteit (begint_op);
CREATE INDEX ix_activiteit_geom_3857 ON activiteit USING gist (geom_3857);
CREATE INDEX ix_activiteit_geom_begint ON activiteit USING gist (geom, begint_op);
CREATE INDEX ix_activiteit_kern_id ON activiteit (kern_id);
CREATE INDEX ix_activiteit_periode ON activiteit USING gist (tstzrange(begint_op, eindigt_op));
CREATE INDEX ix_activiteit_platform_id ON activiteit (platform_id);
CREATE INDEX ix_activiteit_punt ON activiteit USING gist (punt);
CREATE INDEX ix_activiteit_soort_id ON activiteit (soort_id);
CREATE INDEX ix_activiteit_titel_trgm ON activiteit USING gin (titel gin_trgm_ops);

CREATE TABLE initiatief (
    id SERIAL NOT NULL,
    platform_id INTEGER NOT NULL,
    soort_id INTEGER NOT NULL,
    titel VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    omschrijving VARCHAR DEFAULT '' NOT NULL,
    wie VARCHAR,
    status VARCHAR(40) NOT NULL,
    gemaakt_door_id INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    versie INTEGER DEFAULT '1' NOT NULL,
    sleutel UUID,
    demo BOOLEAN DEFAULT false NOT NULL,
    gemeente_id INTEGER NOT NULL,
    kern_id INTEGER,
    geom geometry(GEOMETRY,28992),
    plek_naam VARCHAR,
    punt geometry(POINT,28992) GENERATED ALWAYS AS (ST_PointOnSurface(geom)) STORED,
    geom_3857 geometry(GEOMETRY,3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    CONSTRAINT pk_initiatief PRIMARY KEY (id),
    CONSTRAINT ck_initiatief_titel CHECK (length(titel) BETWEEN 1 AND 200),
    CONSTRAINT ck_initiatief_plek CHECK (geom IS NOT NULL OR kern_id IS NOT NULL),
    CONSTRAINT ck_initiatief_geom_geldig CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NPoints(geom) <= 10000 AND ST_XMin(geom) >= -7000 AND ST_XMax(geom) <= 300000 AND ST_YMin(geom) >= 289000 AND ST_YMax(geom) <= 629000),
    CONSTRAINT fk_initiatief_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_initiatief_soort_id FOREIGN KEY(soort_id) REFERENCES initiatief_soort (id),
    CONSTRAINT ck_initiatief_status CHECK (status IN ('concept', 'idee', 'zoekt_helpers', 'bezig', 'bijna_klaar', 'klaar', 'gestopt', 'ingetrokken')),
    CONSTRAINT fk_initiatief_gemaakt_door_id FOREIGN KEY(gemaakt_door_id) REFERENCES gebruiker (id) ON DELETE SET NULL,
    CONSTRAINT uq_initiatief_sleutel UNIQUE (sleutel),
    CONSTRAINT fk_initiatief_gemeente_id FOREIGN KEY(gemeente_id) REFERENCES gemeente (id),
    CONSTRAINT fk_initiatief_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id)
);
CREATE INDEX ix_initiatief_geom ON initiatief USING gist (geom);
CREATE INDEX ix_initiatief_geom_3857 ON initiatief USING gist (geom_3857);
CREATE INDEX ix_initiatief_kern_id ON initiatief (kern_id);
CREATE INDEX ix_initiatief_platform_id ON initiatief (platform_id);
CREATE INDEX ix_initiatief_punt ON initiatief USING gist (punt);
CREATE INDEX ix_initiatief_soort_id ON initiatief (soort_id);
CREATE INDEX ix_initiatief_titel_trgm ON initiatief USING gin (titel gin_trgm_ops);

CREATE TABLE lidmaatschap (
    id SERIAL NOT NULL,
    gebruiker_id INTEGER NOT NULL,
    platform_id INTEGER NOT NULL,
    functie VARCHAR,
    van DATE DEFAULT CURRENT_DATE NOT NULL,
    tot DATE,
    CONSTRAINT pk_lidmaatschap PRIMARY KEY (id),
    CONSTRAINT ck_lidmaatschap_dagen CHECK (tot >= van),
    CONSTRAINT fk_lidmaatschap_gebruiker_id FOREIGN KEY(gebruiker_id) REFERENCES gebruiker (id) ON DELETE CASCADE,
    CONSTRAINT fk_lidmaatschap_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id) ON DELETE CASCADE
);
CREATE INDEX ix_lidmaatschap_platform_id ON lidmaatschap (platform_id);
CREATE UNIQUE INDEX uq_lidmaatschap_een ON lidmaatschap (gebruiker_id, platform_id, van);

CREATE TABLE platform_kern (
    platform_id INTEGER NOT NULL,
    kern_id INTEGER NOT NULL,
    CONSTRAINT pk_platform_kern PRIMARY KEY (platform_id, kern_id),
    CONSTRAINT fk_platform_kern_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id) ON DELETE CASCADE,
    CONSTRAINT fk_platform_kern_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_platform_kern_kern_id ON platform_kern (kern_id);

CREATE TABLE project (
    id SERIAL NOT NULL,
    organisatie_id INTEGER NOT NULL,
    soort_id INTEGER NOT NULL,
    titel VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    omschrijving VARCHAR DEFAULT '' NOT NULL,
    eerste_dag DATE,
    laatste_dag DATE,
    status VARCHAR(40) NOT NULL,
    openbaar BOOLEAN DEFAULT true NOT NULL,
    participatie VARCHAR(40) NOT NULL,
    participatie_uitleg VARCHAR DEFAULT '' NOT NULL,
    contact_rol VARCHAR,
    contact_telefoon VARCHAR,
    website VARCHAR,
    gemaakt_door_id INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    versie INTEGER DEFAULT '1' NOT NULL,
    sleutel UUID,
    demo BOOLEAN DEFAULT false NOT NULL,
    gemeente_id INTEGER NOT NULL,
    kern_id INTEGER,
    geom geometry(GEOMETRY,28992),
    plek_naam VARCHAR,
    punt geometry(POINT,28992) GENERATED ALWAYS AS (ST_PointOnSurface(geom)) STORED,
    geom_3857 geometry(GEOMETRY,3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    CONSTRAINT pk_project PRIMARY KEY (id),
    CONSTRAINT ck_project_dagen CHECK (laatste_dag >= eerste_dag),
    CONSTRAINT ck_project_titel CHECK (length(titel) BETWEEN 1 AND 200),
    CONSTRAINT ck_project_plek CHECK (geom IS NOT NULL),
    CONSTRAINT ck_project_geom_geldig CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NPoints(geom) <= 10000 AND ST_XMin(geom) >= -7000 AND ST_XMax(geom) <= 300000 AND ST_YMin(geom) >= 289000 AND ST_YMax(geom) <= 629000),
    CONSTRAINT fk_project_organisatie_id FOREIGN KEY(organisatie_id) REFERENCES organisatie (id),
    CONSTRAINT fk_project_soort_id FOREIGN KEY(soort_id) REFERENCES project_soort (id),
    CONSTRAINT ck_project_status CHECK (status IN ('concept', 'verkenning', 'voorbereiding', 'uitvoering', 'klaar', 'gestopt')),
    CONSTRAINT ck_project_participatie CHECK (participatie IN ('informeren', 'raadplegen', 'adviseren', 'coproduceren', 'meebeslissen')),
    CONSTRAINT fk_project_gemaakt_door_id FOREIGN KEY(gemaakt_door_id) REFERENCES gebruiker (id) ON DELETE SET NULL,
    CONSTRAINT uq_project_sleutel UNIQUE (sleutel),
    CONSTRAINT fk_project_gemeente_id FOREIGN KEY(gemeente_id) REFERENCES gemeente (id),
    CONSTRAINT fk_project_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id)
);
CREATE INDEX ix_project_geom ON project USING gist (geom);
CREATE INDEX ix_project_geom_3857 ON project USING gist (geom_3857);
CREATE INDEX ix_project_kern_id ON project (kern_id);
CREATE INDEX ix_project_organisatie_id ON project (organisatie_id);
CREATE INDEX ix_project_punt ON project USING gist (punt);
CREATE INDEX ix_project_soort_id ON project (soort_id);
CREATE INDEX ix_project_titel_trgm ON project USING gin (titel gin_trgm_ops);

CREATE TABLE sessie (
    id BYTEA NOT NULL,
    gebruiker_id INTEGER,
    gegevens JSONB NOT NULL,
    begonnen_op TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    gezien_op TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    verloopt_op TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sessie PRIMARY KEY (id),
    CONSTRAINT fk_sessie_gebruiker_id FOREIGN KEY(gebruiker_id) REFERENCES gebruiker (id) ON DELETE CASCADE
);
CREATE INDEX ix_sessie_gebruiker_id ON sessie (gebruiker_id);
CREATE INDEX ix_sessie_verloopt_op ON sessie (verloopt_op);

CREATE TABLE spreekuur (
    id SERIAL NOT NULL,
    gebruiker_id INTEGER NOT NULL,
    kern_id INTEGER,
    weekdag SMALLINT NOT NULL,
    van TIME WITHOUT TIME ZONE NOT NULL,
    tot TIME WITHOUT TIME ZONE NOT NULL,
    plek VARCHAR NOT NULL,
    CONSTRAINT pk_spreekuur PRIMARY KEY (id),
    CONSTRAINT ck_spreekuur_weekdag CHECK (weekdag BETWEEN 1 AND 7),
    CONSTRAINT ck_spreekuur_tijden CHECK (tot > van),
    CONSTRAINT fk_spreekuur_gebruiker_id FOREIGN KEY(gebruiker_id) REFERENCES gebruiker (id) ON DELETE CASCADE,
    CONSTRAINT fk_spreekuur_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_spreekuur_gebruiker_id ON spreekuur (gebruiker_id);

CREATE TABLE toewijzing (
    id SERIAL NOT NULL,
    gebruiker_id INTEGER NOT NULL,
    kern_id INTEGER NOT NULL,
    van DATE DEFAULT CURRENT_DATE NOT NULL,
    tot DATE,
    CONSTRAINT pk_toewijzing PRIMARY KEY (id),
    CONSTRAINT ck_toewijzing_dagen CHECK (tot >= van),
    CONSTRAINT uq_toewijzing_gebruiker_id_kern_id_van UNIQUE (gebruiker_id, kern_id, van),
    CONSTRAINT fk_toewijzing_gebruiker_id FOREIGN KEY(gebruiker_id) REFERENCES gebruiker (id) ON DELETE CASCADE,
    CONSTRAINT fk_toewijzing_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_toewijzing_kern_id ON toewijzing (kern_id);

CREATE TABLE activiteit_kern (
    activiteit_id INTEGER NOT NULL,
    kern_id INTEGER NOT NULL,
    aandeel DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_activiteit_kern PRIMARY KEY (activiteit_id, kern_id),
    CONSTRAINT fk_activiteit_kern_activiteit_id FOREIGN KEY(activiteit_id) REFERENCES activiteit (id) ON DELETE CASCADE,
    CONSTRAINT fk_activiteit_kern_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_activiteit_kern_kern_id ON activiteit_kern (kern_id);

CREATE TABLE initiatief_kern (
    initiatief_id INTEGER NOT NULL,
    kern_id INTEGER NOT NULL,
    aandeel DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_initiatief_kern PRIMARY KEY (initiatief_id, kern_id),
    CONSTRAINT fk_initiatief_kern_initiatief_id FOREIGN KEY(initiatief_id) REFERENCES initiatief (id) ON DELETE CASCADE,
    CONSTRAINT fk_initiatief_kern_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_initiatief_kern_kern_id ON initiatief_kern (kern_id);

CREATE TABLE project_fase (
    project_id INTEGER NOT NULL,
    volgorde SMALLINT NOT NULL,
    naam VARCHAR NOT NULL,
    periode VARCHAR,
    eerste_dag DATE,
    laatste_dag DATE,
    CONSTRAINT pk_project_fase PRIMARY KEY (project_id, volgorde),
    CONSTRAINT ck_project_fase_dagen CHECK (laatste_dag >= eerste_dag),
    CONSTRAINT ck_project_fase_naam CHECK (length(naam) BETWEEN 1 AND 100),
    CONSTRAINT fk_project_fase_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);

CREATE TABLE project_kern (
    project_id INTEGER NOT NULL,
    kern_id INTEGER NOT NULL,
    aandeel DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_project_kern PRIMARY KEY (project_id, kern_id),
    CONSTRAINT fk_project_kern_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE,
    CONSTRAINT fk_project_kern_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_project_kern_kern_id ON project_kern (kern_id);

CREATE TABLE werkzaamheid (
    id SERIAL NOT NULL,
    organisatie_id INTEGER NOT NULL,
    soort_id INTEGER NOT NULL,
    project_id INTEGER,
    titel VARCHAR(200) COLLATE "nl-x-icu" NOT NULL,
    omschrijving VARCHAR DEFAULT '' NOT NULL,
    eerste_dag DATE NOT NULL,
    laatste_dag DATE NOT NULL,
    status VARCHAR(40) NOT NULL,
    openbaar BOOLEAN DEFAULT true NOT NULL,
    hinder VARCHAR(40) NOT NULL,
    hinder_kort VARCHAR,
    omleiding VARCHAR,
    contact_rol VARCHAR,
    contact_telefoon VARCHAR,
    bevestigd_op DATE,
    gemaakt_door_id INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    versie INTEGER DEFAULT '1' NOT NULL,
    sleutel UUID,
    demo BOOLEAN DEFAULT false NOT NULL,
    gemeente_id INTEGER NOT NULL,
    kern_id INTEGER,
    geom geometry(GEOMETRY,28992),
    plek_naam VARCHAR,
    punt geometry(POINT,28992) GENERATED ALWAYS AS (ST_PointOnSurface(geom)) STORED,
    geom_3857 geometry(GEOMETRY,3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    CONSTRAINT pk_werkzaamheid PRIMARY KEY (id),
    CONSTRAINT ck_werkzaamheid_dagen CHECK (laatste_dag >= eerste_dag),
    CONSTRAINT ck_werkzaamheid_titel CHECK (length(titel) BETWEEN 1 AND 200),
    CONSTRAINT ck_werkzaamheid_plek CHECK (geom IS NOT NULL),
    CONSTRAINT ck_werkzaamheid_geom_geldig CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NPoints(geom) <= 10000 AND ST_XMin(geom) >= -7000 AND ST_XMax(geom) <= 300000 AND ST_YMin(geom) >= 289000 AND ST_YMax(geom) <= 629000),
    CONSTRAINT fk_werkzaamheid_organisatie_id FOREIGN KEY(organisatie_id) REFERENCES organisatie (id),
    CONSTRAINT fk_werkzaamheid_soort_id FOREIGN KEY(soort_id) REFERENCES werkzaamheid_soort (id),
    CONSTRAINT fk_werkzaamheid_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE SET NULL,
    CONSTRAINT ck_werkzaamheid_status CHECK (status IN ('concept', 'nog_niet_zeker', 'verwacht', 'bevestigd', 'bezig', 'klaar', 'uitgesteld', 'vervallen')),
    CONSTRAINT ck_werkzaamheid_hinder CHECK (hinder IN ('geen', 'beperkt', 'afgesloten')),
    CONSTRAINT fk_werkzaamheid_gemaakt_door_id FOREIGN KEY(gemaakt_door_id) REFERENCES gebruiker (id) ON DELETE SET NULL,
    CONSTRAINT uq_werkzaamheid_sleutel UNIQUE (sleutel),
    CONSTRAINT fk_werkzaamheid_gemeente_id FOREIGN KEY(gemeente_id) REFERENCES gemeente (id),
    CONSTRAINT fk_werkzaamheid_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id)
);
CREATE INDEX ix_werkzaamheid_geom_3857 ON werkzaamheid USING gist (geom_3857);
CREATE INDEX ix_werkzaamheid_geom_periode ON werkzaamheid USING gist (geom, daterange(eerste_dag, laatste_dag, '[]'));
CREATE INDEX ix_werkzaamheid_kern_id ON werkzaamheid (kern_id);
CREATE INDEX ix_werkzaamheid_organisatie_id ON werkzaamheid (organisatie_id);
CREATE INDEX ix_werkzaamheid_periode ON werkzaamheid USING gist (daterange(eerste_dag, laatste_dag, '[]'));
CREATE INDEX ix_werkzaamheid_project_id ON werkzaamheid (project_id);
CREATE INDEX ix_werkzaamheid_punt ON werkzaamheid USING gist (punt);
CREATE INDEX ix_werkzaamheid_soort_id ON werkzaamheid (soort_id);
CREATE INDEX ix_werkzaamheid_titel_trgm ON werkzaamheid USING gin (titel gin_trgm_ops);

CREATE TABLE hinderregel (
    werkzaamheid_id INTEGER NOT NULL,
    volgorde SMALLINT NOT NULL,
    wie VARCHAR NOT NULL,
    niveau VARCHAR(40) NOT NULL,
    tekst VARCHAR NOT NULL,
    CONSTRAINT pk_hinderregel PRIMARY KEY (werkzaamheid_id, volgorde),
    CONSTRAINT ck_hinderregel_wie CHECK (length(wie) BETWEEN 1 AND 100),
    CONSTRAINT ck_hinderregel_tekst CHECK (length(tekst) BETWEEN 1 AND 300),
    CONSTRAINT fk_hinderregel_werkzaamheid_id FOREIGN KEY(werkzaamheid_id) REFERENCES werkzaamheid (id) ON DELETE CASCADE,
    CONSTRAINT ck_hinderregel_niveau CHECK (niveau IN ('geen', 'beperkt', 'afgesloten'))
);

CREATE TABLE werkzaamheid_kern (
    werkzaamheid_id INTEGER NOT NULL,
    kern_id INTEGER NOT NULL,
    aandeel DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_werkzaamheid_kern PRIMARY KEY (werkzaamheid_id, kern_id),
    CONSTRAINT fk_werkzaamheid_kern_werkzaamheid_id FOREIGN KEY(werkzaamheid_id) REFERENCES werkzaamheid (id) ON DELETE CASCADE,
    CONSTRAINT fk_werkzaamheid_kern_kern_id FOREIGN KEY(kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_werkzaamheid_kern_kern_id ON werkzaamheid_kern (kern_id);
