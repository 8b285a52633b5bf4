import { integer, listOf, text, type BuiltinNamespace } from './builtin-namespace.js'

/** Namespaces for the software that images hold (glance/etc/metadefs). */
export const softwareNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Software::DBMS',
    display_name: 'Database Software',
    description: 'Which database software an image holds.',
    resource_type_associations: [
      { name: 'OS::Glance::Image' },
      { name: 'OS::Cinder::Volume', properties_target: 'image' },
      { name: 'OS::Nova::Server', properties_target: 'metadata' },
      { name: 'OS::Trove::Instance' },
    ],
    objects: [
      {
        name: 'MySQL',
        properties: {
          sw_database_mysql_version: text('Version'),
          sw_database_mysql_listen_port: integer('Listen Port', { default: '3606', minimum: 1, maximum: 65535 }),
          sw_database_mysql_admin: text('Admin User', { default: 'root' }),
        },
      },
      {
        name: 'PostgreSQL',
        properties: {
          sw_database_postgresql_version: text('Version'),
          sw_database_postgresql_listen_port: integer('Listen Port', { default: '5432', minimum: 1, maximum: 65535 }),
          sw_database_postgresql_admin: text('Admin User', { default: 'postgres' }),
        },
      },
      {
        name: 'SQL Server',
        properties: {
          sw_database_sqlserver_version: text('Version'),
          sw_database_sqlserver_edition: text('Edition', {
            default: 'Express',
            enum: listOf(`
        Datacenter, Enterprise, Standard, Web, Business Intelligence, Workgroup, Express,
        Compact (SQL CE), Developer, Embedded (SSEE), Express, Fast Track, LocalDB,
        Parallel Data Warehouse (PDW), Business Intelligence, Datawarehouse Appliance Edition`),
          }),
          sw_database_sqlserver_listen_port: integer('Listen Port', { default: '1433', minimum: 1, maximum: 65535 }),
          sw_database_postsqlserver_admin: text('Admin User', { default: 'sa' }),
        },
      },
      {
        name: 'Oracle',
        properties: {
          sw_database_oracle_version: text('Version'),
          sw_database_oracle_edition: text('Edition', {
            default: 'Express',
            enum: ['Enterprise', 'Standard', 'Standard Edition One', 'Express (XE)', 'Workgroup', 'Lite'],
          }),
          sw_database_oracle_listen_port: integer('Listen Port', { default: '1521', minimum: 1, maximum: 65535 }),
        },
      },
      {
        name: 'DB2',
        properties: {
          sw_database_db2_version: text('Version'),
          sw_database_db2_port: integer('Listen Port', { default: '5432', minimum: 1, maximum: 65535 }),
          sw_database_db2_admin: text('Admin User'),
        },
      },
      {
        name: 'MongoDB',
        properties: {
          sw_database_mongodb_version: text('Version'),
          sw_database_mongodb_listen_port: integer('Listen Port', { default: '27017', minimum: 1, maximum: 65535 }),
          sw_database_mongodb_admin: text('Admin User'),
        },
      },
      {
        name: 'Couchbase Server',
        properties: {
          sw_database_couchbaseserver_version: text('Version'),
          sw_database_couchbaseserver_listen_port: integer('Listen Port', {
            default: '11211',
            minimum: 1,
            maximum: 65535,
          }),
          sw_database_couchbaseserver_admin: text('Admin User', { default: 'admin' }),
        },
      },
      {
        name: 'Redis',
        properties: {
          sw_database_redis_version: text('Version'),
          sw_database_redis_listen_port: integer('Listen Port', { default: '6379', minimum: 1, maximum: 65535 }),
          sw_database_redis_admin: text('Admin User', { default: 'admin' }),
        },
      },
      {
        name: 'CouchDB',
        properties: {
          sw_database_couchdb_version: text('Version'),
          sw_database_couchdb_listen_port: integer('Listen Port', { default: '5984', minimum: 1, maximum: 65535 }),
          sw_database_couchdb_admin: text('Admin User'),
        },
      },
      {
        name: 'Apache Cassandra',
        properties: {
          sw_database_cassandra_version: text('Version'),
          sw_database_cassandra_listen_port: integer('Listen Port', { default: '9160', minimum: 1, maximum: 65535 }),
          sw_database_cassandra_admin: text('Admin User', { default: 'cassandra' }),
        },
      },
      {
        name: 'HBase',
        properties: {
          sw_database_hbase_version: text('Version'),
        },
      },
      {
        name: 'Hazlecast',
        properties: {
          sw_database_hazlecast_version: text('Version'),
          sw_database_hazlecast_port: integer('Listen Port', { default: '5701', minimum: 1, maximum: 65535 }),
        },
      },
    ],
  },
  {
    namespace: 'OS::Software::Runtimes',
    display_name: 'Runtime Environment',
    description: 'Which language runtimes an image holds.',
    resource_type_associations: [
      { name: 'OS::Glance::Image' },
      { name: 'OS::Cinder::Volume', properties_target: 'image' },
      { name: 'OS::Nova::Server', properties_target: 'metadata' },
    ],
    objects: [
      {
        name: 'PHP',
        properties: {
          sw_runtime_php_version: text('Version'),
        },
      },
      {
        name: 'Python',
        properties: {
          sw_runtime_python_version: text('Version'),
        },
      },
      {
        name: 'Java',
        properties: {
          sw_runtime_java_version: text('Version'),
        },
      },
      {
        name: 'Ruby',
        properties: {
          sw_runtime_ruby_version: text('Version'),
        },
      },
      {
        name: 'Perl',
        properties: {
          sw_runtime_perl_version: text('Version'),
        },
      },
    ],
  },
  {
    namespace: 'OS::Software::WebServers',
    display_name: 'Web Servers',
    description: 'Which web servers an image holds.',
    resource_type_associations: [
      { name: 'OS::Glance::Image' },
      { name: 'OS::Cinder::Volume', properties_target: 'image' },
      { name: 'OS::Nova::Server', properties_target: 'metadata' },
    ],
    objects: [
      {
        name: 'Apache HTTP Server',
        properties: {
          sw_webserver_apache_version: text('Version'),
          sw_webserver_apache_http_port: integer('HTTP Port', { default: '80', minimum: 1, maximum: 65535 }),
          sw_webserver_apache_https_port: integer('HTTPS Port', { default: '443', minimum: 1, maximum: 65535 }),
        },
      },
      {
        name: 'Nginx',
        properties: {
          sw_webserver_nginx_version: text('Version'),
          sw_webserver_nginx_http_port: integer('HTTP Port', { default: '80', minimum: 1, maximum: 65535 }),
          sw_webserver_nginx_https_port: integer('HTTPS Port', { default: '443', minimum: 1, maximum: 65535 }),
        },
      },
      {
        name: 'IIS',
        properties: {
          sw_webserver_iis_version: text('Version'),
          sw_webserver_iis_http_port: integer('HTTP Port', { default: '80', minimum: 1, maximum: 65535 }),
          sw_webserver_iis_https_port: integer('HTTPS Port', { default: '443', minimum: 1, maximum: 65535 }),
        },
      },
    ],
  },
]
